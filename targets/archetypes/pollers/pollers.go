// oracle: leak class=goroutine kind="chan receive" line=18 func=Watch rate=1 driver=call entries=TestWatch
// oracle: leak class=goroutine kind=sleep line=29 func=Poll rate=1 driver=call entries=TestPoll
// oracle: not-leak entries=TestWatchUntil
//
// Goroutines that look after something every millisecond, for ever: a few hundred of them leave no moment of rest.

package pollers

import (
	"context"
	"time"
)

var looks int64

// Watch looks at every tick, and nobody can end it.
func Watch() {
	go func() { // culprit
		for range time.Tick(time.Millisecond) {
			if looks < 0 {
				return
			}
		}
	}()
}

// Poll sleeps between two looks.
func Poll() {
	go func() { // culprit
		for looks >= 0 {
			time.Sleep(time.Millisecond)
		}
	}()
}

// WatchUntil is Watch with an end.
func WatchUntil(ctx context.Context) {
	ticker := time.NewTicker(time.Millisecond)
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
}
