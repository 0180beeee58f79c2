// oracle: clean entries=TestMiss,TestHit
//
// A lock for reading that is given back on every path.

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
	s.mu.RLock()
	defer s.mu.RUnlock()
	value, found := s.rows[key]
	if !found {
		return 0, errMissing
	}
	return value, nil
}
