// oracle: leak class=goroutine kind="chan receive" line=33 func=Track rate=1 driver=call entries=FuzzVisit,TestVisit
// oracle: leak class=cache kind=map line=47 id=audit func=Audit rate=3/2 driver=call entries=FuzzVisit,TestVisit
//
// Two leaks at once: a goroutine per call, and three objects for every second call.

package twoleaks

import (
	"strings"
	"sync"
)

type note struct {
	user string
	text [80]byte
}

var (
	mu    sync.Mutex
	visit int
	notes = map[int]*note{}
)

// Visit serves one visit of a user.
func Visit(user string) {
	Track(user)
	Audit(user)
}

// Track waits for the end of a visit in the background.
func Track(user string) {
	left := make(chan string)
	go func() { // culprit
		<-left
		Audit(user)
	}()
}

// Audit notes three things about every second visit.
func Audit(user string) {
	mu.Lock()
	defer mu.Unlock()
	if visit++; visit%2 != 0 {
		return
	}
	for i := range 3 {
		notes[visit*3+i] = &note{user: strings.Clone(user)} // culprit: audit
	}
}
