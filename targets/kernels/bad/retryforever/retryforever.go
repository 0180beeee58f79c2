// oracle: leak class=goroutine kind=sleep line=21 func=Connect rate=1 driver=call entries=TestNoHost
//
// The retry loop ends on success only, and the host it looks for does not exist.

package retryforever

import (
	"context"
	"errors"
	"time"
)

var errNoHost = errors.New("no such host")

// Dialer opens connections.
type Dialer func(host string) error

// Connect dials in the background until it succeeds, as long as the context lasts.
func Connect(ctx context.Context, dial Dialer, host string) <-chan struct{} {
	connected := make(chan struct{})
	go func() { // culprit
		for wait := 10 * time.Second; ; wait = min(2*wait, time.Hour) {
			if err := dial(host); err == nil {
				close(connected)
				return
			}
			time.Sleep(wait)
		}
	}()
	return connected
}
