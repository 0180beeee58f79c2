// oracle: clean entries=FuzzKnock,TestKnock
//
// A few goroutines come and go at random; their number has no trend.

package jitter

import (
	"math/rand/v2"
	"sync"
)

var (
	mu     sync.Mutex
	guests []chan struct{}
)

// Knock lets a guest in or out, never more than eight.
func Knock(name string) int {
	mu.Lock()
	defer mu.Unlock()
	if n := len(guests); n > 0 && (n == 8 || rand.N(2) == 0) {
		close(guests[n-1])
		guests = guests[:n-1]
	} else {
		leave := make(chan struct{})
		go func() { <-leave }()
		guests = append(guests, leave)
	}
	return len(guests)
}
