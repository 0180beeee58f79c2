package earlyreturn

import (
	"errors"
	"testing"
	"time"
)

var errDown = errors.New("server is down")

func TestOneDown(t *testing.T) {
	failed := make(chan struct{})
	ask := func(server string) (int, error) {
		if server == "b" {
			defer close(failed)
			return 0, errDown
		}
		<-failed
		time.Sleep(50 * time.Microsecond)
		return 1, nil
	}
	if _, err := Poll([]string{"a", "b", "c"}, ask); err != errDown && err != nil {
		t.Errorf("Poll: %v", err)
	}
}

func TestAllUp(t *testing.T) {
	sum, err := Poll([]string{"a", "b", "c"}, func(string) (int, error) { return 2, nil })
	if err != nil || sum != 6 {
		t.Errorf("Poll: %d, %v", sum, err)
	}
}
