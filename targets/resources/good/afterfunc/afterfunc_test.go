package afterfunc

import (
	"context"
	"testing"
)

func TestWith(t *testing.T) {
	if err := With(context.Background(), func(ctx context.Context) error { return ctx.Err() }); err != nil {
		t.Error(err)
	}
}
