package firsterror

import (
	"context"
	"errors"
	"testing"
)

var errBroken = errors.New("part is broken")

func TestVerify(t *testing.T) {
	parts := make(chan error, 3)
	for range 3 {
		parts <- errBroken
	}
	check := func() error { return <-parts }
	if err := Verify(context.Background(), []Check{check, check, check}); err != errBroken {
		t.Errorf("Verify: %v", err)
	}
}
