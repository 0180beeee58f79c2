// oracle: clean entries=TestLease
//
// Only a tick that was not taken is drained, and never by waiting for it.

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
	go l.hold(renewals, every)
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
		select {
		case <-timer.C:
		default:
		}
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
