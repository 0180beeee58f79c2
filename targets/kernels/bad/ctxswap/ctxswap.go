// oracle: leak class=goroutine kind="chan receive" line=24 func=Session.Restart rate=0..1 driver=call stock=0.00085 random=0.00015 yield=0.29 entries=TestRestart
//
// Two restarts at the same time cancel the same old run, and each starts a new one; the first of the two can
// no longer be cancelled.

package ctxswap

import (
	"context"
	"sync/atomic"
)

// Session runs a watch that can be started anew.
type Session struct {
	cancel atomic.Pointer[context.CancelFunc]
	ended  atomic.Int64
}

// Restart ends the watch, if there is one, and starts another.
func (s *Session) Restart(parent context.Context) {
	s.Stop()
	ctx, cancel := context.WithCancel(parent)
	s.cancel.Store(&cancel)
	go func() { // culprit
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
