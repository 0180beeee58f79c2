// oracle: not-leak entries=FuzzLoad,TestLoad
//
// A ring of 300 readings is filled by a ticker, one reading a second; then the oldest is replaced.

package tickerring

import (
	"sync"
	"time"
)

type reading struct {
	at   time.Time
	load [6]float64
}

const size = 300

var (
	start sync.Once
	mu    sync.Mutex
	ring  [size]*reading
	next  int
)

// Load returns the newest reading.
func Load(name string) *reading {
	start.Do(func() { go watch() })
	mu.Lock()
	defer mu.Unlock()
	return ring[(next+size-1)%size]
}

func watch() {
	for now := range time.Tick(time.Second) {
		mu.Lock()
		ring[next] = &reading{at: now}
		next = (next + 1) % size
		mu.Unlock()
	}
}
