// oracle: leak class=goroutine kind="chan send" line=17 func=Lookup rate=1 driver=call entries=TestCancelled
// oracle: clean entries=TestAnswered
//
// A caller that has given up waiting leaves the worker behind: nobody receives from the channel without a
// buffer.

package abandonedsend

import "context"

// A Resolver answers in its own time.
type Resolver func(host string) string

// Lookup asks the resolver, but no longer than the context allows.
func Lookup(ctx context.Context, resolve Resolver, host string) (string, error) {
	answer := make(chan string)
	go func() { // culprit
		answer <- resolve(host)
	}()
	select {
	case address := <-answer:
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
