// oracle: leak class=goroutine kind=sync.Cond.Wait line=48 func=Gate.Pass rate=0..2 driver=call stock=2.2e-05 random=0.0001 yield=0.14 entries=TestPass
//
// The gate is opened without the lock, so that the opening can come between a waiter's look at the gate and
// its wait: nobody wakes it.

package gateopen

import (
	"sync"
	"sync/atomic"
)

// Gate keeps requests waiting until a server is ready.
type Gate struct {
	mu      sync.Mutex
	cond    *sync.Cond
	open    atomic.Bool
	waiting chan int // how often somebody found the gate closed
}

// NewGate returns a closed gate.
func NewGate() *Gate {
	g := &Gate{waiting: make(chan int, 16)}
	g.cond = sync.NewCond(&g.mu)
	return g
}

// Open lets all requests through.
func (g *Gate) Open() {
	g.open.Store(true)
	g.cond.Broadcast()
}

// Wait waits until the gate is open.
func (g *Gate) Wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open.Load() {
		g.waiting <- 1
		g.cond.Wait()
	}
}

// Pass sends n requests through the gate, side by side.
func (g *Gate) Pass(n int) (passed <-chan int) {
	out := make(chan int, n)
	for i := range n {
		go func() { // culprit
			g.Wait()
			out <- i
		}()
	}
	return out
}
