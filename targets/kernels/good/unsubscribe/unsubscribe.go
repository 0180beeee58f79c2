// oracle: clean entries=TestOnce
//
// The list is copied under the lock, and an event is dropped for a receiver that has left.

package unsubscribe

import "sync"

// Bus passes events to subscribers.
type Bus struct {
	mu          sync.RWMutex
	subscribers map[*subscriber]bool
}

type subscriber struct {
	events chan string
	gone   chan struct{}
}

func (b *Bus) publish(event string) {
	b.mu.RLock()
	subscribers := make([]*subscriber, 0, len(b.subscribers))
	for s := range b.subscribers {
		subscribers = append(subscribers, s)
	}
	b.mu.RUnlock()
	for _, s := range subscribers {
		select {
		case s.events <- event:
		case <-s.gone:
		}
	}
}

// Publish passes on events in the background, side by side.
func (b *Bus) Publish(events ...string) {
	for _, event := range events {
		go b.publish(event)
	}
}

// Once calls f with the next event.
func (b *Bus) Once(f func(event string)) {
	s := &subscriber{make(chan string), make(chan struct{})}
	b.mu.Lock()
	if b.subscribers == nil {
		b.subscribers = map[*subscriber]bool{}
	}
	b.subscribers[s] = true
	b.mu.Unlock()
	go func() {
		f(<-s.events)
		close(s.gone)
		b.mu.Lock()
		delete(b.subscribers, s)
		b.mu.Unlock()
	}()
}
