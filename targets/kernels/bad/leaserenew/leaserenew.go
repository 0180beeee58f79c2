// oracle: leak class=goroutine kind="chan send" line=17 func=Acquire rate=0..1 driver=call stock=1.5e-05 random=0.00015 yield=0.15 entries=TestRelease
//
// The keeper of a lease offers each renewal to the owner and does not look at the end of the lease meanwhile.

package leaserenew

// Lease is kept alive until it is released.
type Lease struct {
	Renewed chan int
	ticks   chan struct{}
	end     chan struct{}
}

// Acquire takes a lease and keeps it.
func Acquire() *Lease {
	l := &Lease{Renewed: make(chan int), ticks: make(chan struct{}), end: make(chan struct{})}
	go l.keep() // culprit
	return l
}

func (l *Lease) keep() {
	for n := 1; ; n++ {
		select {
		case <-l.ticks:
			l.Renewed <- n
		case <-l.end:
			return
		}
	}
}

// Tick says that it is time to renew the lease.
func (l *Lease) Tick() {
	select {
	case l.ticks <- struct{}{}:
	case <-l.end:
	}
}

// Release gives the lease back.
func (l *Lease) Release() { close(l.end) }
