package groupcommit

import (
	"testing"
	"time"
)

func TestAppendAll(t *testing.T) {
	written := NewLog(4).AppendAll("a", "b", "c", "d")
	timeout := time.After(time.Millisecond)
	for range 4 {
		select {
		case <-written:
		case <-timeout:
			return
		}
	}
}
