// oracle: leak class=resource kind=context line=27 func=Grant rate=1 driver=call entries=TestLease
// oracle: leak class=resource kind=timer line=36 func=Grace rate=1 driver=call entries=TestGrace
//
// What gives a lease back forgets a part of it. Whoever was granted one gives it back, in passing and not by a defer: it is not
// his fault.

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
	l.ctx, l.cancel = context.WithCancel(all) // culprit
	return l
}

// Valid tells whether it is held.
func (l *Lease) Valid() bool { return !l.over }

// Grace grants one that ends by itself after a month.
func Grace() *Lease {
	return &Lease{grace: time.AfterFunc(30*24*time.Hour, func() {})} // culprit
}

// Release gives it back.
func (l *Lease) Release() { l.over = true }
