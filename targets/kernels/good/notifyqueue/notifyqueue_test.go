package notifyqueue

import (
	"testing"
	"time"
)

func TestPop(t *testing.T) {
	q := NewQueue()
	go q.Push(7)
	select {
	case <-q.PopLater():
	case <-time.After(time.Millisecond):
	}
}
