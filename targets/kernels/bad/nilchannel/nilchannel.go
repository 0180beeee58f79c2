// oracle: leak class=goroutine kind="chan send (nil chan)" line=29 func=Conn.Greet rate=0..1 driver=call stock=0.00021 random=0.00015 yield=0.19 entries=TestGreet
//
// Closing the connection sets its channel to nil; a writer that looks at it afterwards sends to nil, for
// ever.

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
	out <- message
}

// Greet asks for the peer's name and answers it with a greeting.
func (c *Conn) Greet() {
	go func() { // culprit
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
