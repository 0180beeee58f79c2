// oracle: clean entries=TestPanic
//
// The promise is resolved in every case.

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
			close(p.done)
		}()
		p.value = compute()
	}()
	return p
}

// Then calls f with the value once it is there.
func (p *Promise) Then(f func(value any)) {
	go func() {
		<-p.done
		f(p.value)
	}()
}
