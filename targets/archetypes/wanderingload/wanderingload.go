// oracle: leak class=goroutine kind="chan receive" line=41 func=Subscribe rate=1 driver=call entries=FuzzSubscribe,TestSubscribe
//
// Every call leaves one goroutine behind, beside a crowd of others whose number wanders with other people's
// load.

package wanderingload

import (
	"math/rand/v2"
	"sync"
)

// crowd is the load: goroutines that come and go at random, between 0 and 60 of them.
type crowd struct {
	mu    sync.Mutex
	leave []chan struct{}
}

var others crowd

// Wander lets some others come or go.
func (c *crowd) Wander() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for range rand.N(4) {
		if rand.N(2) == 0 && len(c.leave) < 60 {
			leave := make(chan struct{})
			c.leave = append(c.leave, leave)
			go func() { <-leave }()
		} else if n := len(c.leave); n > 0 {
			close(c.leave[n-1])
			c.leave = c.leave[:n-1]
		}
	}
}

// Subscribe adds a subscriber to a topic, who is told of the first message only, and there is none.
func Subscribe(topic string) {
	others.Wander()
	message := make(chan string)
	go func() { // culprit
		<-message
		others.Wander()
	}()
}
