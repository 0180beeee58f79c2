// oracle: leak class=goroutine kind=select line=22 func=Start rate=0..1 driver=call stock=8.5e-05 random=0 yield=0.18 entries=TestStop
//
// Stop does nothing for a poller that is not yet marked as running; the poller marks itself a moment later
// and runs for ever.

package stopbeforestart

import "sync/atomic"

// Poller polls until it is stopped.
type Poller struct {
	ready   chan struct{}
	running atomic.Bool
	kick    chan struct{}
	quit    chan struct{}
	polls   int
}

// Start starts a poller and returns when it is ready.
func Start() *Poller {
	p := &Poller{ready: make(chan struct{}), kick: make(chan struct{}), quit: make(chan struct{})}
	go p.run() // culprit
	<-p.ready
	return p
}

func (p *Poller) run() {
	p.ready <- struct{}{}
	p.running.Store(true)
	for {
		select {
		case <-p.kick:
			p.polls++
		case <-p.quit:
			return
		}
	}
}

// Stop ends the poller.
func (p *Poller) Stop() {
	if p.running.Load() {
		close(p.quit)
	}
}
