// oracle: clean entries=TestClose
//
// Close takes tokens without waiting.

package tokendrain

// Limiter hands out tokens.
type Limiter struct {
	tokens chan struct{}
}

// NewLimiter returns a limiter with n tokens.
func NewLimiter(n int) *Limiter {
	l := &Limiter{tokens: make(chan struct{}, n)}
	for range n {
		l.tokens <- struct{}{}
	}
	return l
}

// Allow takes a token if there is one.
func (l *Limiter) Allow() bool {
	select {
	case <-l.tokens:
		return true
	default:
		return false
	}
}

func (l *Limiter) drain() int {
	n := 0
	for ; l.Allow(); n++ {
	}
	return n
}

// CloseLater takes back all tokens, in the background, and sends their number.
func (l *Limiter) CloseLater() <-chan int {
	left := make(chan int, 1)
	go func() {
		left <- l.drain()
	}()
	return left
}
