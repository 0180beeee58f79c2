package keylock

import (
	"testing"
	"time"
)

func TestUpdate(t *testing.T) {
	done := Update(3, "row", make(chan string, 3))
	timeout := time.After(time.Millisecond)
	for range 3 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
