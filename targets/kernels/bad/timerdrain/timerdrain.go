// oracle: leak class=goroutine kind="chan receive" line=22 func=Start rate=1 driver=call entries=TestLease
//
// The timer has fired and its tick is taken when the code stops it and drains its channel once more, as old
// advice has it.

package timerdrain

import (
	"context"
	"time"
)

// Lease is renewed some times and then ends.
type Lease struct {
	renewed int
	ended   chan struct{}
}

// Start holds a lease that is renewed after every interval.
func Start(renewals int, every time.Duration) *Lease {
	l := &Lease{ended: make(chan struct{})}
	go l.hold(renewals, every) // culprit
	return l
}

func (l *Lease) hold(renewals int, every time.Duration) {
	timer := time.NewTimer(every)
	for l.renewed < renewals {
		<-timer.C
		l.renewed++
		if l.renewed < renewals {
			timer.Reset(every)
		}
	}
	if !timer.Stop() {
		<-timer.C
	}
	close(l.ended)
}

// Wait waits for the end of the lease.
func (l *Lease) Wait(ctx context.Context) error {
	select {
	case <-l.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
