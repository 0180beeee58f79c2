// oracle: leak class=goroutine kind=sync.Mutex.Lock line=39 func=Store.Put rate=1 driver=call entries=TestPut
//
// A store that is full evicts in the background, and the eviction asks for the length of the store under the
// lock that Len takes, too.

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
		go s.evict() // culprit
	}
}

func (s *Store) evict() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.Len() > s.limit {
		var oldest string
		for id, started := range s.sessions {
			if oldest == "" || started.Before(s.sessions[oldest]) {
				oldest = id
			}
		}
		delete(s.sessions, oldest)
	}
}
