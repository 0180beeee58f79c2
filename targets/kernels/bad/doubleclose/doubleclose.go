// oracle: leak class=goroutine kind=sync.WaitGroup.Wait line=49 func=Session.Report rate=0..1 driver=call stock=8.3e-05 random=0 yield=0.33 entries=TestEnd
//
// Both ends look whether the session is closed and then close its channel: the slower one panics, is
// recovered, and never reports its end.

package doubleclose

import "sync"

// Session is closed by either of its two ends.
type Session struct {
	closed chan struct{}
	events chan string
	ends   sync.WaitGroup
}

// NewSession returns an open session.
func NewSession() *Session {
	s := &Session{closed: make(chan struct{}), events: make(chan string, 4)}
	s.ends.Add(2)
	return s
}

// Close closes the session, unless it is closed already.
func (s *Session) Close() {
	select {
	case <-s.closed:
		return
	default:
	}
	s.events <- "close"
	close(s.closed)
}

// End closes the session for one end. A panic costs the end its connection, but not the server its life.
func (s *Session) End() {
	defer func() {
		if r := recover(); r != nil {
			s.events <- "panic"
		}
	}()
	s.Close()
	s.ends.Done()
}

// Report sends the number of events once both ends are done.
func (s *Session) Report() <-chan int {
	report := make(chan int, 1)
	go func() { // culprit
		s.ends.Wait()
		report <- len(s.events)
	}()
	return report
}
