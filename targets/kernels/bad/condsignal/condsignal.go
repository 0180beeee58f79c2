// oracle: leak class=goroutine kind=sync.Cond.Wait line=53 func=Exchange rate=0..4 driver=call stock=0.0075 random=2.4 yield=2.4 entries=TestExchange
//
// Producers and consumers of a bounded buffer wait on one condition, and Signal may wake one of the wrong
// kind.

package condsignal

import "sync"

// Buffer has room for one item.
type Buffer struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
	item int
}

// NewBuffer returns an empty buffer.
func NewBuffer() *Buffer {
	b := &Buffer{}
	b.cond = sync.NewCond(&b.mu)
	return b
}

// Put waits until the buffer is empty and fills it.
func (b *Buffer) Put(item int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.full {
		b.cond.Wait()
	}
	b.item, b.full = item, true
	b.cond.Signal()
}

// Take waits until the buffer is full and empties it.
func (b *Buffer) Take() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.full {
		b.cond.Wait()
	}
	b.full = false
	b.cond.Signal()
	return b.item
}

// Exchange moves n items from each of two producers to two consumers.
func Exchange(n int) (done <-chan struct{}) {
	b := NewBuffer()
	end := make(chan struct{}, 4)
	for i := range 4 {
		go func() { // culprit
			for item := range n {
				if i%2 == 0 {
					b.Put(item)
				} else {
					b.Take()
				}
			}
			end <- struct{}{}
		}()
	}
	return end
}
