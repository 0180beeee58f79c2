// oracle: leak class=resource kind=context line=35 func=Server.Handle rate=1 driver=call entries=TestHandle
//
// Every request derives a context from the server's, which lives long; it is never cancelled, so the server's
// context keeps it.

package context

import (
	"context"
	"strings"
)

// Server has a context that ends with it.
type Server struct {
	ctx  context.Context
	stop context.CancelFunc
}

// NewServer returns a running server.
func NewServer() *Server {
	s := &Server{}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

type request struct {
	ctx    context.Context
	cancel context.CancelFunc
	words  []string
}

// Handle counts the words of a request.
func (s *Server) Handle(text string) int {
	r := &request{}
	r.ctx, r.cancel = context.WithCancel(s.ctx) // culprit
	for _, word := range strings.Fields(text) {
		if r.ctx.Err() != nil {
			break
		}
		r.words = append(r.words, word)
	}
	return len(r.words)
}
