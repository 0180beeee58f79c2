// oracle: leak class=goroutine kind="chan receive" line=68 func=Client.Lock rate=1 driver=call note="one jump of the clock by more than 3 s costs the lease" entries=FuzzLock,TestLock
//
// A client holds one lease, renewed every second and lost for good after three without a renewal. Calls
// fail without it; each call that has it leaves a goroutine behind.

package shortlease

import (
	"errors"
	"sync"
	"time"
)

var errExpired = errors.New("lease expired")

// Lease is lost for good when it is not renewed in time.
type Lease struct {
	mu      sync.Mutex
	renewed time.Time
	lost    bool
}

const (
	term     = 3 * time.Second
	interval = time.Second
)

func (l *Lease) check() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.renewed) > term {
		l.lost = true
	}
	if l.lost {
		return errExpired
	}
	return nil
}

func (l *Lease) renew() {
	if l.check() == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.renewed = time.Now()
	}
}

// Client uses the lease.
type Client struct{ lease *Lease }

// NewClient takes a lease and keeps it.
func NewClient() *Client {
	c := &Client{&Lease{renewed: time.Now()}}
	go func() {
		for range time.Tick(interval) {
			c.lease.renew()
		}
	}()
	return c
}

// Lock locks a name for as long as the lease lasts.
func (c *Client) Lock(name string) error {
	if err := c.lease.check(); err != nil {
		return err
	}
	unlocked := make(chan string)
	go func() { // culprit
		<-unlocked
	}()
	return nil
}
