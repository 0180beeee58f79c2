// oracle: leak class=goroutine kind="chan receive" line=52 func=Fetch rate=0..3 driver=call stock=0.00038 random=0.0002 yield=0.0033 entries=TestFetch
//
// The leader serves the waiters it has seen and takes the call off the list afterwards; who joins in between
// is never served.

package sharedload

import "sync"

type call struct {
	waiters []chan string
}

// Group lets one caller load a value for all who ask for it at the same time.
type Group struct {
	mu    sync.Mutex
	calls map[string]*call
}

// Do returns the value of a key.
func (g *Group) Do(key string, load func(string) string) string {
	g.mu.Lock()
	if c, ok := g.calls[key]; ok {
		w := make(chan string, 1)
		c.waiters = append(c.waiters, w)
		g.mu.Unlock()
		return <-w
	}
	c := &call{}
	g.calls[key] = c
	g.mu.Unlock()

	value := load(key)

	g.mu.Lock()
	waiters := c.waiters
	g.mu.Unlock()
	for _, w := range waiters {
		w <- value
	}
	g.mu.Lock()
	delete(g.calls, key)
	g.mu.Unlock()
	return value
}

// Fetch asks for one key n times, side by side.
func Fetch(n int, key string, load func(string) string) <-chan string {
	g := &Group{calls: map[string]*call{}}
	values := make(chan string, n)
	for range n {
		go func() { // culprit
			values <- g.Do(key, load)
		}()
	}
	return values
}
