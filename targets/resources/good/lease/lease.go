// oracle: clean entries=TestLease,TestGrace
//
// The repaired twin of bad/lease: all of it is given back.

package lease

import (
	"context"
	"time"
)

var all, _ = context.WithCancel(context.Background())

// Lease is held until it is released.
type Lease struct {
	ctx    context.Context
	cancel context.CancelFunc
	grace  *time.Timer
	over   bool
}

// Grant grants a lease.
func Grant() *Lease {
	l := &Lease{}
	l.ctx, l.cancel = context.WithCancel(all)
	return l
}

// Valid tells whether it is held.
func (l *Lease) Valid() bool { return !l.over }

// Grace grants one that ends by itself after a month.
func Grace() *Lease {
	return &Lease{grace: time.AfterFunc(30*24*time.Hour, func() {})}
}

// Release gives it back.
func (l *Lease) Release() {
	l.over = true
	if l.cancel != nil {
		l.cancel()
	}
	if l.grace != nil {
		l.grace.Stop()
	}
}
