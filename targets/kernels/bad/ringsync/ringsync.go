// oracle: leak class=goroutine kind=sync.Mutex.Lock line=29 func=Gossip rate=0..3 driver=call stock=0 random=0 yield=0.39 entries=TestGossip
//
// Each of three replicas locks itself and then its neighbour to exchange their states; together they can wait
// in a circle.

package ringsync

import (
	"context"
	"sync"
)

// Replica holds a version of the state, and notes with whom it has talked.
type Replica struct {
	mu      sync.Mutex
	version int
	talks   chan *Replica
}

// NewReplica returns a replica with a version of the state.
func NewReplica(version int) *Replica {
	return &Replica{version: version, talks: make(chan *Replica, 8)}
}

// Gossip lets every replica learn from its neighbour, side by side; ok is false when that took too long.
func Gossip(ctx context.Context, replicas []*Replica) (ok bool) {
	done := make(chan struct{}, len(replicas))
	for i, replica := range replicas {
		go func() { // culprit
			replica.learn(replicas[(i+1)%len(replicas)])
			done <- struct{}{}
		}()
	}
	for range replicas {
		select {
		case <-done:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func (r *Replica) learn(from *Replica) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.talks <- from
	from.mu.Lock()
	defer from.mu.Unlock()
	r.version = max(r.version, from.version)
}
