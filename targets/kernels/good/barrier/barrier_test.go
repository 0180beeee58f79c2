package barrier

import (
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	done := Run(3)
	timeout := time.After(time.Millisecond)
	for range 3 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
