// oracle: clean entries=TestNoHost
//
// The loop ends with the context, too.

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
	go func() {
		for wait := 10 * time.Second; ; wait = min(2*wait, time.Hour) {
			if err := dial(host); err == nil {
				close(connected)
				return
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
		}
	}()
	return connected
}
