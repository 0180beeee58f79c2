// oracle: delayed hold=5s entries=FuzzBegin,TestBegin
//
// Every call holds a goroutine and an object for five seconds.

package release5s

import (
	"strings"
	"sync"
	"time"
)

type upload struct {
	name  string
	block [256]byte
}

var (
	mu      sync.Mutex
	uploads = map[*upload]bool{}
)

// Begin takes an upload that must be finished within five seconds.
func Begin(name string) {
	u := &upload{name: strings.Clone(name)}
	mu.Lock()
	uploads[u] = true
	mu.Unlock()
	go func() {
		time.Sleep(5 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		delete(uploads, u)
	}()
}
