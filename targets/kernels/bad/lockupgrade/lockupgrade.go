// oracle: leak class=goroutine kind=sync.RWMutex.Lock line=37 func=Router.Warm rate=1 driver=call entries=TestWarm
//
// A lookup under the read lock that misses takes the write lock without giving the read lock back first.

package lockupgrade

import "sync"

// Router finds the handler's name of a path.
type Router struct {
	mu     sync.RWMutex
	routes map[string]string
	parse  func(path string) string
}

// NewRouter returns a router that learns its routes by parsing.
func NewRouter(parse func(string) string) *Router {
	return &Router{routes: map[string]string{}, parse: parse}
}

// Lookup returns the handler of a path, and remembers it.
func (r *Router) Lookup(path string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if name, ok := r.routes[path]; ok {
		return name
	}
	name := r.parse(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routes[path] = name
	return name
}

// Warm looks a path up before the first request for it comes.
func (r *Router) Warm(path string) {
	go r.Lookup(path) // culprit
}
