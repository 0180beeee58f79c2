// oracle: leak class=goroutine kind="chan send" line=39 func=Crew.Stop rate=0..1 driver=call stock=0.02 random=0.37 yield=0.6 entries=TestStop
//
// Stop sends one order for every worker, but a worker that found nothing to do has gone home already.

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
	go func() { // culprit
		for range c.workers {
			c.orders <- struct{}{}
		}
	}()
}
