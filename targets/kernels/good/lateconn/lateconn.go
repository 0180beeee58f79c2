// oracle: clean entries=TestShutdown
//
// The flag is read under the lock under which the connection enters itself.

package lateconn

import (
	"sync"
	"sync/atomic"
)

// Server serves a limited number of connections until it is shut down.
type Server struct {
	slots   chan struct{}
	closing atomic.Bool
	mu      sync.Mutex
	conns   map[chan struct{}]bool
}

// NewServer returns a server for n connections at a time.
func NewServer(n int) *Server {
	return &Server{slots: make(chan struct{}, n), conns: map[chan struct{}]bool{}}
}

// Accept serves a connection until it is told to end.
func (s *Server) Accept() {
	go s.serve()
}

func (s *Server) serve() {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	end := make(chan struct{})
	s.mu.Lock()
	if s.closing.Load() {
		s.mu.Unlock()
		return
	}
	s.conns[end] = true
	s.mu.Unlock()
	<-end
}

// Shutdown ends all connections.
func (s *Server) Shutdown() {
	s.closing.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	for end := range s.conns {
		close(end)
	}
	clear(s.conns)
}
