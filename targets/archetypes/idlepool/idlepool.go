// oracle: not-leak entries=FuzzSum,TestSum
//
// Up to 100 buffers are kept idle, as many as were in use at the same time.

package idlepool

import "sync"

// Pool keeps idle buffers.
type Pool struct {
	mu   sync.Mutex
	idle [][]byte
}

// Get returns a buffer.
func (p *Pool) Get() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return make([]byte, 4096)
	}
	b := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return b
}

// Put gives a buffer back.
func (p *Pool) Put(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < 100 {
		p.idle = append(p.idle, b)
	}
}

var pool Pool

// Sum adds up the bytes of a message in parts, each in a buffer of its own.
func Sum(message []byte) int {
	parts := 1 + len(message)%120
	var buffers [][]byte
	for range parts {
		b := pool.Get()
		copy(b, message)
		buffers = append(buffers, b)
	}
	sum := 0
	for _, b := range buffers {
		sum += int(b[0])
		pool.Put(b)
	}
	return sum
}
