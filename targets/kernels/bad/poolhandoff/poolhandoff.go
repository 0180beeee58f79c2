// oracle: leak class=goroutine kind="chan send" line=68 func=Pool.Release rate=0..1 driver=call stock=0.00041 random=5e-05 yield=0.12 entries=TestGiveUp
//
// A connection is handed to a request that is just giving up: it is off the list already, but nobody receives
// any more.

package poolhandoff

import (
	"context"
	"slices"
	"sync"
)

// Conn is a connection.
type Conn struct{ uses int }

// Pool lends connections; requests wait in line when none is idle.
type Pool struct {
	mu      sync.Mutex
	idle    []*Conn
	waiting []chan *Conn
}

// NewPool returns a pool of one connection.
func NewPool() *Pool { return &Pool{idle: []*Conn{{}}} }

// Get borrows a connection.
func (p *Pool) Get(ctx context.Context) (*Conn, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	w := make(chan *Conn)
	p.waiting = append(p.waiting, w)
	p.mu.Unlock()
	select {
	case c := <-w:
		return c, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	if i := slices.Index(p.waiting, w); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	return nil, ctx.Err()
}

func (p *Pool) put(c *Conn) {
	c.uses++
	p.mu.Lock()
	if len(p.waiting) == 0 {
		p.idle = append(p.idle, c)
		p.mu.Unlock()
		return
	}
	w := p.waiting[0]
	p.waiting = p.waiting[1:]
	p.mu.Unlock()
	w <- c
}

// Release gives a connection back in the background.
func (p *Pool) Release(c *Conn) {
	go p.put(c) // culprit
}
