// oracle: leak class=goroutine kind="chan receive" line=31 func=Promise.Then rate=1 driver=call entries=TestPanic
//
// A handler that panics is recovered, but its promise is never resolved and whoever waits for it waits for
// ever.

package promisepanic

// Promise is a value that is still being computed.
type Promise struct {
	done  chan struct{}
	value any
}

// Run computes a value in the background. A panic is recovered.
func Run(compute func() any) *Promise {
	p := &Promise{done: make(chan struct{})}
	go func() {
		defer func() {
			if r := recover(); r != nil {
				p.value = r
			}
		}()
		p.value = compute()
		close(p.done)
	}()
	return p
}

// Then calls f with the value once it is there.
func (p *Promise) Then(f func(value any)) {
	go func() { // culprit
		<-p.done
		f(p.value)
	}()
}
