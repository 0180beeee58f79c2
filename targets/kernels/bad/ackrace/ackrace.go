// oracle: leak class=goroutine kind="chan receive" line=46 func=Broker.Publish rate=0..1 driver=call stock=1 random=0.064 yield=0.26 entries=TestClose
//
// A broker that is told to quit drops the acknowledgement it owes, and its producer waits for it.

package ackrace

type message struct {
	text string
	ack  chan int
}

// Broker numbers messages and acknowledges them.
type Broker struct {
	in       chan message
	received chan string
	quit     chan struct{}
}

// Start runs a broker; it tells of what it has received on the channel.
func Start(received chan string) *Broker {
	b := &Broker{in: make(chan message), received: received, quit: make(chan struct{})}
	go b.run()
	return b
}

func (b *Broker) run() {
	for number := 1; ; number++ {
		select {
		case m := <-b.in:
			b.received <- m.text
			select {
			case m.ack <- number:
			case <-b.quit:
				return
			}
		case <-b.quit:
			return
		}
	}
}

// Publish sends a message in the background; its number comes on the returned channel.
func (b *Broker) Publish(text string) <-chan int {
	m := message{text, make(chan int)}
	acked := make(chan int, 1)
	go func() { // culprit
		b.in <- m
		acked <- <-m.ack
	}()
	return acked
}

// Close ends the broker.
func (b *Broker) Close() { close(b.quit) }
