// oracle: clean entries=TestHub
//
// As bad/groupwait, but Close ends the sends that nobody receives.

package groupwait

import "sync"

// Hub hands messages to its subscribers.
type Hub struct {
	mu     sync.Mutex
	subs   []chan string
	closed chan struct{}
}

// New returns a hub.
func New() *Hub { return &Hub{closed: make(chan struct{})} }

// Close drops what is not received yet.
func (h *Hub) Close() { close(h.closed) }

// Subscribe returns a channel of all messages to come.
func (h *Hub) Subscribe() <-chan string {
	c := make(chan string)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs = append(h.subs, c)
	return c
}

// Publish hands a message to all subscribers, in the background.
func (h *Hub) Publish(message string) {
	go h.deliver(message)
}

func (h *Hub) deliver(message string) {
	h.mu.Lock()
	subs := h.subs
	h.mu.Unlock()
	var sends sync.WaitGroup
	for _, c := range subs {
		sends.Add(1)
		go func() {
			defer sends.Done()
			select {
			case c <- message:
			case <-h.closed:
			}
		}()
	}
	sends.Wait()
}
