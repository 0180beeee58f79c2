// oracle: leak class=goroutine kind="chan send" line=25 func=handle rate=1 driver=call entries=TestHandle
// oracle: leak class=cache kind=map line=19 func=remember rate=1 driver=call entries=TestHandle,TestOpen
// oracle: gc-only class=resource kind=file line=35 func=open rate=1 driver=call entries=TestOpen
// oracle: leak class=goroutine kind="chan receive" line=47 func=subscribe rate=1 driver=call entries=TestSubscribe
//
// Below the line that leaks a goroutine or a file another one fills a map, for no common cause. And a subscriber that never
// goes: it stands in a map, and a goroutine waits for its news. That is one leak.

package besides

import (
	"os"
	"strconv"
)

var seen = map[string]int{}

func remember(n int) {
	seen[strconv.Itoa(n)] = n // culprit
}

func handle(n int) {
	remember(n)
	answer := make(chan int)
	go func() { // culprit
		answer <- n
	}()
}

var last, before *os.File

// open keeps the two newest files and never closes one.
func open(n int) error {
	remember(n)
	f, err := os.Open(os.DevNull) // culprit
	last, before = f, last
	return err
}

type subscriber struct{ news chan string }

var subscribers = map[int]*subscriber{}

func subscribe(n int) {
	s := &subscriber{news: make(chan string)}
	subscribers[n] = s
	go func() { // culprit
		for range s.news {
		}
	}()
}
