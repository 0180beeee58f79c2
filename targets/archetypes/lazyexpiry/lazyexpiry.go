// oracle: not-leak entries=TestDay,TestTwoHours,TestFewAtATime
//
// What expired is swept by the next call that finds it time to, or a few by each call: without calls nothing goes.

package lazyexpiry

import (
	"sync"
	"time"
)

type store struct {
	life    time.Duration
	most    int // swept by one call; 0: all
	mu      sync.Mutex
	expires map[int]time.Time
	next    int
	swept   time.Time
}

// Put keeps a new key for the life of the store.
func (s *store) Put() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.most > 0 || now.Sub(s.swept) > s.life/2 {
		s.sweep(now)
		s.swept = now
	}
	s.expires[s.next] = now.Add(s.life)
	s.next++
}

func (s *store) sweep(now time.Time) {
	gone := 0
	for key, at := range s.expires {
		if now.After(at) {
			delete(s.expires, key)
			gone++
		}
		if gone == s.most && s.most > 0 {
			return
		}
	}
}

func newStore(life time.Duration, most int) *store {
	return &store{life: life, most: most, expires: map[int]time.Time{}}
}
