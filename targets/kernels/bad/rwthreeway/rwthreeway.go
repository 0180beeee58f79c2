// oracle: leak class=goroutine kind="chan receive|sync.RWMutex.RLock|sync.RWMutex.Lock" line=49 func=Cache.Start rate=0..3 driver=call stock=0.00096 random=0.36 yield=0.34 entries=TestStart
//
// A reader waits, under its read lock, for another reader to fill the cache; a writer that waits for the lock
// keeps that one out.

package rwthreeway

import "sync"

// Cache is filled once, read often and renamed now and then.
type Cache struct {
	mu     sync.RWMutex
	name   string
	filled chan struct{}
	once   sync.Once
}

// NewCache returns an empty cache.
func NewCache(name string) *Cache { return &Cache{name: name, filled: make(chan struct{})} }

// Fill marks the cache as filled.
func (c *Cache) Fill() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.name != "" {
		c.once.Do(func() { close(c.filled) })
	}
}

// Read waits until the cache is filled and returns its name.
func (c *Cache) Read() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	<-c.filled
	return c.name
}

// Rename gives the cache another name.
func (c *Cache) Rename(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.name = name
}

// Start runs some jobs on the cache, side by side.
func (c *Cache) Start(jobs ...func(*Cache)) (done <-chan struct{}) {
	end := make(chan struct{}, len(jobs))
	for _, job := range jobs {
		go func() { // culprit
			job(c)
			end <- struct{}{}
		}()
	}
	return end
}
