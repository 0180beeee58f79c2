// oracle: leak class=goroutine kind=select line=25 func=New rate=1 driver=call entries=TestPolicy
//
// A policy of any key type runs a goroutine that counts what was admitted. Close does not end it.

package policystop

import "sync"

// Policy decides what may stay in a cache.
type Policy[K comparable] struct {
	mu     sync.Mutex
	admits map[K]int
	items  chan []K
	stop   chan struct{}
	closed bool
}

// New starts a policy.
func New[K comparable]() *Policy[K] {
	p := &Policy[K]{
		admits: map[K]int{},
		items:  make(chan []K, 3),
		stop:   make(chan struct{}),
	}
	go p.process() // culprit
	return p
}

func (p *Policy[K]) process() {
	for {
		select {
		case keys := <-p.items:
			p.admit(keys)
		case <-p.stop:
			return
		}
	}
}

func (p *Policy[K]) admit(keys []K) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range keys {
		p.admits[key]++
	}
}

// Push tells the policy of keys that were used.
func (p *Policy[K]) Push(keys ...K) { p.items <- keys }

// Close ends the policy.
func (p *Policy[K]) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}
