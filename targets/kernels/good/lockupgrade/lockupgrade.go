// oracle: clean entries=TestWarm
//
// The read lock is given back before the write lock is taken.

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
	name, ok := r.routes[path]
	r.mu.RUnlock()
	if ok {
		return name
	}
	name = r.parse(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routes[path] = name
	return name
}

// Warm looks a path up before the first request for it comes.
func (r *Router) Warm(path string) {
	go r.Lookup(path)
}
