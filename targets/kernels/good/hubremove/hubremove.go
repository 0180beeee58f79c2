// oracle: clean entries=TestLeave
//
// The hub does not wait for a subscriber that leaves.

package hubremove

type member struct {
	events chan string
	left   chan struct{}
}

// Hub passes on events; members join and leave by way of its loop.
type Hub struct {
	join   chan *member
	leave  chan *member
	events chan string
	quit   chan struct{}
}

// Start runs a hub.
func Start() *Hub {
	h := &Hub{make(chan *member), make(chan *member), make(chan string), make(chan struct{})}
	go h.run()
	return h
}

func (h *Hub) run() {
	members := map[*member]bool{}
	for {
		select {
		case m := <-h.join:
			members[m] = true
		case m := <-h.leave:
			delete(members, m)
		case event := <-h.events:
			for m := range members {
				select {
				case m.events <- event:
				case <-m.left:
				}
			}
		case <-h.quit:
			return
		}
	}
}

// Join passes the first event to f and leaves the hub.
func (h *Hub) Join(f func(event string)) {
	m := &member{make(chan string), make(chan struct{})}
	h.join <- m
	go func() {
		f(<-m.events)
		close(m.left)
		select {
		case h.leave <- m:
		case <-h.quit:
		}
	}()
}

// Publish passes an event to the hub.
func (h *Hub) Publish(event string) { h.events <- event }

// Close ends the hub.
func (h *Hub) Close() { close(h.quit) }
