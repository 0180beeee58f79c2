package longcalls

import (
	"testing"
	"time"
)

func TestSend(t *testing.T) {
	sent := 0
	Send(240, 50*time.Millisecond, func() { sent++ })
	if sent != 240 {
		t.Fatal(sent)
	}
}

func TestSafetyTimer(t *testing.T) {
	limit := time.AfterFunc(30*time.Second, func() { panic("timed out") })
	defer limit.Stop()
	Send(300, 20*time.Millisecond, func() {})
}
