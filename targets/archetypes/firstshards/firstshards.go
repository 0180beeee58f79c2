// oracle: not-leak entries=TestAdd
//
// Each of 24 shards starts a worker on its first use, and the workers wait for something that never comes and that nobody
// else knows of: dead, but started once for each shard and no more.

package firstshards

import (
	"math/rand/v2"
	"sync"
)

type shard struct {
	first sync.Once
	mu    sync.Mutex
	sum   int
}

var shards [24]shard

// Add adds n to one of the shards.
func Add(n int) {
	s := &shards[rand.IntN(len(shards))]
	s.first.Do(func() {
		never := make(chan struct{})
		go func() { <-never }()
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum += n
}
