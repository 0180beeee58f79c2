// oracle: leak class=goroutine kind="chan send" line=25 func=Start rate=0..1 driver=call stock=1 random=0.25 yield=0.72 entries=TestLeave
// oracle: leak class=goroutine kind="chan send" line=51 id=member func=Hub.Join rate=0..1 driver=call entries=TestLeave
//
// The hub sends an event to a subscriber that is just telling the hub that it leaves: each waits for the
// other to receive.

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
	go h.run() // culprit
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
				m.events <- event
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
	go func() { // culprit: member
		f(<-m.events)
		h.leave <- m
	}()
}

// Publish passes an event to the hub.
func (h *Hub) Publish(event string) { h.events <- event }

// Close ends the hub.
func (h *Hub) Close() { close(h.quit) }
