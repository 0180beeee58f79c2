// oracle: delayed hold=30s entries=FuzzTake,TestTake
//
// Every call holds an object for a random time, 30 seconds on average.

package randomrelease

import (
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

type lease struct {
	name string
	data [128]byte
}

var (
	mu     sync.Mutex
	leases = map[*lease]bool{}
)

// Take takes a lease of random length.
func Take(name string) {
	l := &lease{name: strings.Clone(name)}
	mu.Lock()
	defer mu.Unlock()
	leases[l] = true
	time.AfterFunc(time.Duration(rand.ExpFloat64()*float64(30*time.Second)), func() {
		mu.Lock()
		defer mu.Unlock()
		delete(leases, l)
	})
}
