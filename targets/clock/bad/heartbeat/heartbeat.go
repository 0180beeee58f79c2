// oracle: leak class=resource kind=timer line=29 or=21,22 func=Session.beat rate=1 driver=call entries=TestSession
//
// A session beats every ten seconds, by a timer whose function sets the next one. Close forgets to stop it.

package heartbeat

import (
	"sync"
	"time"
)

// Session beats until it is closed.
type Session struct {
	mu    sync.Mutex
	beats int
	timer *time.Timer
}

// Open begins a session.
func Open() *Session {
	s := &Session{} // also right
	s.beat()        // also right
	return s
}

func (s *Session) beat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = time.AfterFunc(10*time.Second, s.beat) // culprit
	s.beats++
}

// Close ends the session.
func (s *Session) Close() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.beats
}
