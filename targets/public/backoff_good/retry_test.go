// oracle: clean entries=TestFetchWithRetry
//
// github.com/lestrrat-go/backoff/v2 v2.0.7: the controller announces the next try on a channel that nobody reads any more
// once the work is done, and does not look at its context meanwhile. https://github.com/lestrrat-go/backoff/pull/30, v2.0.8
package retry

import (
	"context"
	"testing"
	"time"

	"github.com/lestrrat-go/backoff/v2"
)

// FetchWithRetry calls fetch until it succeeds.
func FetchWithRetry(ctx context.Context, policy backoff.Policy, fetch func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tries := policy.Start(ctx)
	var err error
	for backoff.Continue(tries) {
		if err = fetch(); err == nil {
			return nil
		}
	}
	return err
}

func TestFetchWithRetry(t *testing.T) {
	policy := backoff.Constant(backoff.WithInterval(100 * time.Microsecond))
	err := FetchWithRetry(context.Background(), policy, func() error {
		time.Sleep(2 * time.Millisecond) // slower than the pause between two tries
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
