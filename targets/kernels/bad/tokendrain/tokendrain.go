// oracle: leak class=goroutine kind="chan receive" line=43 func=Limiter.CloseLater rate=0..1 driver=call stock=0 random=0 yield=0.1 entries=TestClose
//
// Close looks how many tokens are left and takes them; a taker between the look and the taking leaves it
// waiting for one.

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
	for ; len(l.tokens) > 0; n++ {
		<-l.tokens
	}
	return n
}

// CloseLater takes back all tokens, in the background, and sends their number.
func (l *Limiter) CloseLater() <-chan int {
	left := make(chan int, 1)
	go func() { // culprit
		left <- l.drain()
	}()
	return left
}
