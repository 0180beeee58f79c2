// oracle: leak class=goroutine kind=select line=17 func=New rate=1 driver=call entries=TestCollector
//
// The break leaves the select and not the loop, so the collector goes on waiting after it was told to stop.

package breakselect

// Collector sums up samples until it is stopped.
type Collector struct {
	samples chan float64
	stop    chan struct{}
	sum     float64
}

// New starts a collector.
func New() *Collector {
	c := &Collector{samples: make(chan float64), stop: make(chan struct{})}
	go c.run() // culprit
	return c
}

func (c *Collector) run() {
	for {
		select {
		case s := <-c.samples:
			c.sum += s
		case <-c.stop:
			break
		}
	}
}

// Add takes a sample.
func (c *Collector) Add(sample float64) { c.samples <- sample }

// Stop ends the collector and returns the sum.
func (c *Collector) Stop() float64 {
	c.stop <- struct{}{}
	return c.sum
}
