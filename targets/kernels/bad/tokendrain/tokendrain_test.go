package tokendrain

import (
	"testing"
	"time"
)

func TestClose(t *testing.T) {
	limiter := NewLimiter(2)
	left := limiter.CloseLater()
	go limiter.Allow()
	select {
	case <-left:
	case <-time.After(time.Millisecond):
	}
}
