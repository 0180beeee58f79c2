package memtable

import (
	"testing"
	"time"
)

func TestFill(t *testing.T) {
	done := Open().Fill(9)
	timeout := time.After(time.Millisecond)
	for range 9 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
