// oracle: leak class=goroutine kind="chan receive" line=43 func=Config.Await rate=0..1 driver=call stock=0 random=5e-05 yield=0.12 entries=TestAwait
//
// A waiter compares versions first and looks up the channel of the next change afterwards; a change in
// between is the one it waited for.

package epochwait

import "sync/atomic"

type epoch struct{ changed chan struct{} }

// Config has a version; every change closes the channel of its epoch.
type Config struct {
	version atomic.Int64
	epoch   atomic.Pointer[epoch]
	waits   chan int64
}

// NewConfig returns version 0.
func NewConfig() *Config {
	c := &Config{waits: make(chan int64, 4)}
	c.epoch.Store(&epoch{make(chan struct{})})
	return c
}

// Change makes the next version.
func (c *Config) Change() {
	c.version.Add(1)
	old := c.epoch.Swap(&epoch{make(chan struct{})})
	close(old.changed)
}

func (c *Config) wait(version int64) {
	for c.version.Load() < version {
		c.waits <- version
		<-c.epoch.Load().changed
	}
}

// Await sends on the returned channel when the version is there.
func (c *Config) Await(version int64) <-chan int64 {
	there := make(chan int64, 1)
	go func() { // culprit
		c.wait(version)
		there <- version
	}()
	return there
}
