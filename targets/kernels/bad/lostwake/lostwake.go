// oracle: leak class=goroutine kind="chan receive" line=23 func=Start rate=0..1 driver=call stock=0.00011 random=0.00045 yield=0.3 entries=TestMark
//
// The wake-up is dropped when the sleeper is not asleep yet, and no second one comes.

package lostwake

import (
	"sync/atomic"
	"time"
)

// Flusher sleeps until there is something to write.
type Flusher struct {
	ready chan struct{}
	wake  chan struct{}
	dirty atomic.Int64
	wrote chan int64
}

// Start returns a flusher that sleeps.
func Start() *Flusher {
	f := &Flusher{ready: make(chan struct{}), wake: make(chan struct{}), wrote: make(chan int64, 1)}
	go func() { // culprit
		f.ready <- struct{}{}
		<-f.wake
		f.wrote <- f.dirty.Swap(0)
	}()
	<-f.ready
	return f
}

// Mark notes that a page has changed and wakes the flusher.
func (f *Flusher) Mark() {
	f.dirty.Add(1)
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Flushed returns the number of pages written, or 0 if the flusher does not answer in time.
func (f *Flusher) Flushed(patience time.Duration) int64 {
	select {
	case n := <-f.wrote:
		return n
	case <-time.After(patience):
		return 0
	}
}
