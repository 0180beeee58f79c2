// oracle: clean entries=TestDrop
//
// Dropping a tenant stops the janitor of its cache.

package janitornotstopped

import (
	"sync"
	"time"
)

type cache struct {
	mu    sync.Mutex
	items map[string]time.Time // until when
	stop  chan struct{}
}

func newCache() *cache {
	c := &cache{items: map[string]time.Time{}, stop: make(chan struct{})}
	go c.janitor(10 * time.Minute)
	return c
}

func (c *cache) janitor(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			c.mu.Lock()
			for key, until := range c.items {
				if now.After(until) {
					delete(c.items, key)
				}
			}
			c.mu.Unlock()
		case <-c.stop:
			return
		}
	}
}

// Tenants holds a cache for each tenant.
type Tenants struct {
	mu     sync.Mutex
	caches map[string]*cache
}

// Open makes the cache of a tenant.
func (t *Tenants) Open(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.caches == nil {
		t.caches = map[string]*cache{}
	}
	if t.caches[tenant] == nil {
		t.caches[tenant] = newCache()
	}
}

// Drop forgets a tenant.
func (t *Tenants) Drop(tenant string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.caches[tenant]; c != nil {
		close(c.stop)
	}
	delete(t.caches, tenant)
}
