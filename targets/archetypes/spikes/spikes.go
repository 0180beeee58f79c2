// oracle: leak class=goroutine kind="chan send" line=28 func=Notify rate=1 driver=call entries=FuzzNotify,TestNotify
//
// Every call leaves one goroutine behind; now and then a call also starts a hundred that end at once.

package spikes

import (
	"math/rand/v2"
	"sync"
)

// Notify tells all devices of a user, on a bad day a hundred of them.
func Notify(user string) {
	devices := 1
	if rand.N(50) == 0 {
		devices = 100
	}
	var told sync.WaitGroup
	for range devices {
		told.Add(1)
		go func() {
			defer told.Done()
			tell(user)
		}()
	}
	told.Wait()
	receipts := make(chan string)
	go func() { // culprit
		receipts <- user
	}()
}

func tell(user string) string { return "hello " + user }
