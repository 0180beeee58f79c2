// oracle: leak class=goroutine kind="chan receive" line=49 func=Run rate=0..2 driver=call stock=0.00033 random=0 yield=0.44 entries=TestRun
//
// A party that is not the last looks up the gate after it has given back the lock; by then the last one may
// have put a new gate there.

package barrier

import "sync"

// Barrier holds parties back until all have come, again and again.
type Barrier struct {
	mu      sync.Mutex
	parties int
	arrived int
	gate    chan struct{}
	trace   chan int
}

// NewBarrier returns a barrier; trace takes a note of every arrival.
func NewBarrier(parties int, trace chan int) *Barrier {
	return &Barrier{parties: parties, gate: make(chan struct{}), trace: trace}
}

// Wait waits until all parties are there.
func (b *Barrier) Wait() {
	b.mu.Lock()
	b.arrived++
	arrived := b.arrived
	if arrived == b.parties {
		b.arrived = 0
		close(b.gate)
		b.gate = make(chan struct{})
		b.mu.Unlock()
		return
	}
	b.mu.Unlock()
	b.trace <- arrived
	b.mu.Lock()
	gate := b.gate
	b.mu.Unlock()
	<-gate
}

// Run sends parties through the barrier.
func Run(parties int) (done <-chan struct{}) {
	b := NewBarrier(parties, make(chan int, 2*parties))
	end := make(chan struct{}, parties)
	for range parties {
		go func() { // culprit
			b.Wait()
			end <- struct{}{}
		}()
	}
	return end
}
