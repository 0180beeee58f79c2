// oracle: leak class=goroutine kind=select line=23 func=Trace rate=1/64 driver=call entries=FuzzTrace,TestTrace
//
// One call in 64, at random, leaves a goroutine behind.

package persixtyfour

import (
	"math/rand/v2"
	"sync/atomic"
)

var finished = make(chan string)

// Sampled counts the traced requests.
var Sampled atomic.Int64

// Trace follows a sample of the requests in the background until they are finished.
func Trace(request string) {
	if rand.N(64) != 0 {
		return
	}
	stop := make(chan struct{})
	go func() { // culprit
		select {
		case <-finished:
			Sampled.Add(1)
		case <-stop:
		}
	}()
}
