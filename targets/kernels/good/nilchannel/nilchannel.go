// oracle: clean entries=TestGreet
//
// A writer that finds the connection closed gives up.

package nilchannel

import "sync"

// Conn is a connection whose messages are sent by a goroutine of their own.
type Conn struct {
	mu  sync.Mutex
	out chan string
	who chan string
}

// Dial returns an open connection.
func Dial() *Conn { return &Conn{out: make(chan string, 4), who: make(chan string)} }

func (c *Conn) send(message string) {
	c.mu.Lock()
	out := c.out
	c.mu.Unlock()
	if out == nil {
		return
	}
	out <- message
}

// Greet asks for the peer's name and answers it with a greeting.
func (c *Conn) Greet() {
	go func() {
		c.send("hello " + <-c.who)
	}()
}

// Introduce tells the connection the peer's name.
func (c *Conn) Introduce(name string) { c.who <- name }

// Close ends the connection.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = nil
}
