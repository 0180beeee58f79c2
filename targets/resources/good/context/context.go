// oracle: clean entries=TestHandle
//
// The request's context is cancelled at its end.

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
	r.ctx, r.cancel = context.WithCancel(s.ctx)
	defer r.cancel()
	for _, word := range strings.Fields(text) {
		if r.ctx.Err() != nil {
			break
		}
		r.words = append(r.words, word)
	}
	return len(r.words)
}
