// oracle: leak class=goroutine kind="chan receive" line=53 func=Client.Go rate=0..1 driver=call stock=0.001 random=0.23 yield=0.15 entries=TestGo
//
// The call is entered into the table after it was sent; an answer that is faster finds no call and is
// dropped.

package replylost

import "sync"

type packet struct {
	id   int
	text string
}

// Client sends calls over one connection and sorts the answers by their numbers.
type Client struct {
	out     chan packet
	mu      sync.Mutex
	next    int
	pending map[int]chan string
}

// Dial connects to a server, which runs beside it and hangs up after some calls.
func Dial(calls int, serve func(string) string) *Client {
	c := &Client{out: make(chan packet), pending: map[int]chan string{}}
	in := make(chan packet)
	go func() {
		defer close(in)
		for range calls {
			p := <-c.out
			in <- packet{p.id, serve(p.text)}
		}
	}()
	go c.receive(in)
	return c
}

func (c *Client) receive(in <-chan packet) {
	for p := range in {
		c.mu.Lock()
		answer := c.pending[p.id]
		delete(c.pending, p.id)
		c.mu.Unlock()
		if answer != nil {
			answer <- p.text
		}
	}
}

// Go calls the server; the answer comes on the returned channel.
func (c *Client) Go(text string) <-chan string {
	answer, result := make(chan string, 1), make(chan string, 1)
	go func() { // culprit
		c.mu.Lock()
		id := c.next
		c.next++
		c.mu.Unlock()
		c.out <- packet{id, text}
		c.mu.Lock()
		c.pending[id] = answer
		c.mu.Unlock()
		result <- <-answer
	}()
	return result
}
