// oracle: clean entries=TestCancelled,TestAnswered
//
// The channel has room for the one answer, so the worker never waits.

package abandonedsend

import "context"

// A Resolver answers in its own time.
type Resolver func(host string) string

// Lookup asks the resolver, but no longer than the context allows.
func Lookup(ctx context.Context, resolve Resolver, host string) (string, error) {
	answer := make(chan string, 1)
	go func() {
		answer <- resolve(host)
	}()
	select {
	case address := <-answer:
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
