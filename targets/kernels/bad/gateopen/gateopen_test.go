package gateopen

import (
	"testing"
	"time"
)

func TestPass(t *testing.T) {
	gate := NewGate()
	passed := gate.Pass(2)
	<-gate.waiting
	gate.Open()
	timeout := time.After(time.Millisecond)
	for range 2 {
		select {
		case <-passed:
		case <-timeout:
			return
		}
	}
}
