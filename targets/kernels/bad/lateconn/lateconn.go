// oracle: leak class=goroutine kind="chan receive" line=28 func=Server.Accept rate=0..2 driver=call stock=0.00014 random=0.00025 yield=0.25 entries=TestShutdown
//
// A connection that passed the look at the shutdown flag enters itself after the shutdown has told all
// connections to end.

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
	go s.serve() // culprit
}

func (s *Server) serve() {
	if s.closing.Load() {
		return
	}
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	end := make(chan struct{})
	s.mu.Lock()
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
