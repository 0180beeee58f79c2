// oracle: leak class=goroutine kind=select line=25 func=Dial rate=1 driver=call entries=TestClose
//
// Two goroutines of a connection wait for the same single token of its end; one of them gets it.

package onetoken

import (
	"sync/atomic"
	"time"
)

// Conn is a connection with a reader and a heartbeat.
type Conn struct {
	incoming chan []byte
	beat     chan time.Time
	done     chan struct{}
	bytes    atomic.Int64
	beats    atomic.Int64
}

// Dial opens a connection.
func Dial() *Conn {
	c := &Conn{incoming: make(chan []byte), beat: make(chan time.Time), done: make(chan struct{}, 1)}
	for _, loop := range []func(){c.read, c.keepAlive} {
		go loop() // culprit
	}
	return c
}

func (c *Conn) read() {
	for {
		select {
		case p := <-c.incoming:
			c.bytes.Add(int64(len(p)))
		case <-c.done:
			return
		}
	}
}

func (c *Conn) keepAlive() {
	for {
		select {
		case <-c.beat:
			c.beats.Add(1)
		case <-c.done:
			return
		}
	}
}

// Close ends the connection.
func (c *Conn) Close() {
	c.done <- struct{}{}
}
