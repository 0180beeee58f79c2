// oracle: clean entries=TestSession
//
// Close cancels the session's context.

package missingcancel

import "context"

// Server has sessions that end with it at the latest.
type Server struct {
	ctx context.Context
}

// NewServer returns a server that runs until ctx ends.
func NewServer(ctx context.Context) *Server { return &Server{ctx: ctx} }

// Session receives notes until it is closed.
type Session struct {
	notes  chan string
	cancel context.CancelFunc
	seen   []string
}

// Open starts a session.
func (s *Server) Open() *Session {
	ctx, cancel := context.WithCancel(s.ctx)
	session := &Session{notes: make(chan string), cancel: cancel}
	go session.receive(ctx)
	return session
}

func (s *Session) receive(ctx context.Context) {
	for {
		select {
		case note := <-s.notes:
			s.seen = append(s.seen, note)
		case <-ctx.Done():
			return
		}
	}
}

// Send passes a note to the session.
func (s *Session) Send(note string) { s.notes <- note }

// Close ends the session.
func (s *Session) Close() {
	s.Send("bye")
	s.cancel()
}
