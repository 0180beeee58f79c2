// oracle: leak class=goroutine kind="chan send" line=33 func=Bus.Publish rate=0..1 driver=call stock=0.00087 random=0.51 yield=1.5 entries=TestOnce
// oracle: leak class=goroutine kind=sync.RWMutex.Lock line=46 id=reader func=Bus.Once rate=0..1 driver=call entries=TestOnce
//
// An event is sent under the read lock of the list; its receiver, instead of taking it, waits for the write
// lock to leave the list.

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
	defer b.mu.RUnlock()
	for s := range b.subscribers {
		s.events <- event
	}
}

// Publish passes on events in the background, side by side.
func (b *Bus) Publish(events ...string) {
	for _, event := range events {
		go b.publish(event) // culprit
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
	go func() { // culprit: reader
		f(<-s.events)
		b.mu.Lock()
		delete(b.subscribers, s)
		b.mu.Unlock()
	}()
}
