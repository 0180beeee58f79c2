// oracle: leak class=goroutine kind="chan send" line=37 func=Hub.deliver rate=1 driver=call entries=TestHub
//
// A publisher waits for the group of sends that it started. One of them waits for a subscriber that has gone: two
// goroutines stay, and the send is the cause of both.

package groupwait

import "sync"

// Hub hands messages to its subscribers.
type Hub struct {
	mu   sync.Mutex
	subs []chan string
}

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
		go func() { // culprit
			defer sends.Done()
			c <- message
		}()
	}
	sends.Wait()
}
