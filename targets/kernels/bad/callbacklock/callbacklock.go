// oracle: leak class=goroutine kind=sync.Mutex.Lock line=36 func=Registry.Announce rate=1 driver=call entries=TestListenOnce
//
// Listeners are told under the registry's lock; one of them removes itself, which takes the same lock.

package callbacklock

import "sync"

// Registry knows the services and who wants to hear of new ones.
type Registry struct {
	mu        sync.Mutex
	services  []string
	listeners map[int]func(service string)
	next      int
}

// Listen calls f for every service announced from now on, until the returned function is called.
func (r *Registry) Listen(f func(service string)) (cancel func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listeners == nil {
		r.listeners = map[int]func(string){}
	}
	id := r.next
	r.next++
	r.listeners[id] = f
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.listeners, id)
	}
}

// Announce adds a service, and tells the listeners of it in the background.
func (r *Registry) Announce(service string) {
	go r.announce(service) // culprit
}

func (r *Registry) announce(service string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.services = append(r.services, service)
	for _, listener := range r.listeners {
		listener(service)
	}
}
