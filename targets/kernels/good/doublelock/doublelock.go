// oracle: clean entries=TestPut
//
// The eviction reads the length under the lock that it holds.

package doublelock

import (
	"sync"
	"time"
)

// Store keeps the sessions of a server, the youngest limit of them.
type Store struct {
	mu       sync.Mutex
	sessions map[string]time.Time
	limit    int
}

// NewStore returns an empty store.
func NewStore(limit int) *Store {
	return &Store{sessions: map[string]time.Time{}, limit: limit}
}

// Len returns the number of sessions.
func (s *Store) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// Put adds a session, and drops the oldest ones in the background once there are too many.
func (s *Store) Put(id string, started time.Time) {
	s.mu.Lock()
	s.sessions[id] = started
	full := len(s.sessions) > s.limit
	s.mu.Unlock()
	if full {
		go s.evict()
	}
}

func (s *Store) evict() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.sessions) > s.limit {
		var oldest string
		for id, started := range s.sessions {
			if oldest == "" || started.Before(s.sessions[oldest]) {
				oldest = id
			}
		}
		delete(s.sessions, oldest)
	}
}
