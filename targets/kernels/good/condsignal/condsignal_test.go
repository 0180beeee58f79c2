package condsignal

import (
	"testing"
	"time"
)

func TestExchange(t *testing.T) {
	done := Exchange(3)
	timeout := time.After(time.Millisecond)
	for range 4 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
