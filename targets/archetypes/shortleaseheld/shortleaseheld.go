// oracle: not-leak note="one jump of the clock by more than 3 s costs the lease, and every call after it fails" entries=FuzzWork,TestWork
//
// A client holds one lease, renewed every second and lost after three without a renewal, and does its
// work under it; nothing is left behind.

package shortleaseheld

import (
	"errors"
	"sync"
	"time"
)

var errExpired = errors.New("lease expired")

const (
	term     = 3 * time.Second
	interval = time.Second
)

// Client has one lease.
type Client struct {
	mu      sync.Mutex
	renewed time.Time
	lost    bool
	work    int
}

// NewClient takes a lease and keeps it.
func NewClient() *Client {
	c := &Client{renewed: time.Now()}
	go func() {
		for range time.Tick(interval) {
			c.mu.Lock()
			if c.held() {
				c.renewed = time.Now()
			}
			c.mu.Unlock()
		}
	}()
	return c
}

func (c *Client) held() bool {
	c.lost = c.lost || time.Since(c.renewed) > term
	return !c.lost
}

// Work does something under the lease.
func (c *Client) Work(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.held() {
		return errExpired
	}
	c.work += len(name)
	return nil
}
