// oracle: leak class=cache kind=map line=30 func=Open rate=1/5 driver=call entries=FuzzOpen,TestOpen
//
// Every call holds an object for 30 seconds; one in five keeps it for good.

package leakunderrelease

import (
	"strings"
	"sync"
	"time"
)

type session struct {
	user  string
	state [128]byte
}

var (
	mu       sync.Mutex
	next     int
	sessions = map[int]*session{}
)

// Open opens a session that ends after 30 seconds, but for guests it does not.
func Open(user string) int {
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	sessions[id] = &session{user: strings.Clone(user)} // culprit
	if guest := id%5 == 0; !guest {
		time.AfterFunc(30*time.Second, func() {
			mu.Lock()
			defer mu.Unlock()
			delete(sessions, id)
		})
	}
	return id
}
