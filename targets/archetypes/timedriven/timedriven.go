// oracle: background class=cache kind=slice line=44 func=sample rate=1 driver=time entries=FuzzHandle,TestHandle
//
// A sample is kept for every second that passes, whether anybody calls or not.

package timedriven

import (
	"sync"
	"sync/atomic"
	"time"
)

type reading struct {
	at    time.Time
	calls int64
	load  [4]float64
}

var (
	start   sync.Once
	mu      sync.Mutex
	history []*reading
	calls   atomic.Int64
)

// Handle counts a call; the first one starts the sampling.
func Handle(request string) {
	calls.Add(1)
	start.Do(func() { go watch(time.Now()) })
}

func watch(last time.Time) {
	for range time.Tick(time.Second) {
		for now := time.Now(); now.Sub(last) >= time.Second; {
			last = last.Add(time.Second)
			sample(last)
		}
	}
}

func sample(at time.Time) {
	mu.Lock()
	defer mu.Unlock()
	history = append(history, &reading{at: at, calls: calls.Load()}) // culprit
}
