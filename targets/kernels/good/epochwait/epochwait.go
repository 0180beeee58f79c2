// oracle: clean entries=TestAwait
//
// The channel is looked up before the versions are compared.

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
	e := c.epoch.Load()
	for c.version.Load() < version {
		c.waits <- version
		<-e.changed
		e = c.epoch.Load()
	}
}

// Await sends on the returned channel when the version is there.
func (c *Config) Await(version int64) <-chan int64 {
	there := make(chan int64, 1)
	go func() {
		c.wait(version)
		there <- version
	}()
	return there
}
