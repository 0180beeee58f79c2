// oracle: clean entries=TestStop
//
// Stop closes the channel of orders.

package idleworker

// Crew is some workers; one that finds no work goes home.
type Crew struct {
	work    chan func()
	orders  chan struct{}
	workers int
}

// Hire starts workers on a list of work.
func Hire(workers int, work chan func()) *Crew {
	c := &Crew{work: work, orders: make(chan struct{}), workers: workers}
	for range workers {
		go c.run()
	}
	return c
}

func (c *Crew) run() {
	for {
		select {
		case <-c.orders:
			return
		case f, ok := <-c.work:
			if !ok {
				return
			}
			f()
		}
	}
}

// Stop sends the workers home, in the background.
func (c *Crew) Stop() {
	go func() {
		close(c.orders)
	}()
}
