// oracle: clean entries=TestStop
//
// Stop closes the channel in every case.

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
	go p.run()
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
	close(p.quit)
}
