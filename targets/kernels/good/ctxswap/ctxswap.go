// oracle: clean entries=TestRestart
//
// A restart swaps the cancel function under a lock.

package ctxswap

import (
	"context"
	"sync"
	"sync/atomic"
)

// Session runs a watch that can be started anew.
type Session struct {
	mu     sync.Mutex
	cancel atomic.Pointer[context.CancelFunc]
	ended  atomic.Int64
}

// Restart ends the watch, if there is one, and starts another.
func (s *Session) Restart(parent context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Stop()
	ctx, cancel := context.WithCancel(parent)
	s.cancel.Store(&cancel)
	go func() {
		<-ctx.Done()
		s.ended.Add(1)
	}()
}

// Stop ends the watch.
func (s *Session) Stop() {
	if cancel := s.cancel.Load(); cancel != nil {
		(*cancel)()
	}
}
