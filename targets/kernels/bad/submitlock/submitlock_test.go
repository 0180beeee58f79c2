package submitlock

import (
	"testing"
	"time"
)

func TestServe(t *testing.T) {
	ran := NewQueue().Serve(4)
	timeout := time.After(time.Millisecond)
	for range 4 {
		select {
		case <-ran:
		case <-timeout:
			return
		}
	}
}
