// oracle: leak class=goroutine kind=sync.RWMutex.Lock hang=yes line=34 func=Store.Get rate=0.5..1 driver=call entries=TestMiss
// oracle: clean entries=TestHit
//
// A lock for reading is kept where nothing is found, and the next one who writes waits for it. Whoever waits is not
// to blame.

package readlockkept

import (
	"errors"
	"sync"
)

// Store is a map with a lock.
type Store struct {
	mu   sync.RWMutex
	rows map[string]int
}

// Put sets a row.
func (s *Store) Put(key string, value int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil {
		s.rows = map[string]int{}
	}
	s.rows[key] = value
}

var errMissing = errors.New("no such row")

// Get returns a row.
func (s *Store) Get(key string) (int, error) {
	s.mu.RLock() // culprit
	value, found := s.rows[key]
	if !found {
		return 0, errMissing
	}
	s.mu.RUnlock()
	return value, nil
}
