// oracle: leak class=goroutine kind=select line=24 func=Dial rate=1 driver=call note="retransmits all the time after half an hour of its clock: judged in real time" entries=TestDial
//
// An association sends again what is not acknowledged, after a time that doubles until it overflows: from then on it does so without
// a pause. Nobody closes what was dialled.

package backoff

import (
	"sync/atomic"
	"time"
)

const longest = time.Minute

// Association is one side of a connection.
type Association struct {
	closed    chan struct{}
	sentAgain atomic.Int64
}

// Dial opens an association.
func Dial() *Association {
	a := &Association{closed: make(chan struct{})}
	go a.retransmit() // culprit
	return a
}

// Close ends it.
func (a *Association) Close() { close(a.closed) }

func (a *Association) retransmit() {
	for attempt := uint(0); ; attempt++ {
		wait := time.Second << attempt
		if wait > longest {
			wait = longest
		}
		select {
		case <-time.After(wait):
			a.sentAgain.Add(1)
		case <-a.closed:
			return
		}
	}
}
