// oracle: leak class=goroutine kind="chan send" line=18 func=Verify rate=0..2 driver=call stock=0.00076 random=0 yield=0.32 entries=TestVerify
//
// The first error cancels the others, but one that has failed already sends its own error to nobody.

package firsterror

import "context"

// A Check looks at one part of a backup.
type Check func() error

// Verify runs checks side by side and returns the first error. Checks not begun by then are left out.
func Verify(ctx context.Context, checks []Check) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error)
	for _, check := range checks {
		go func() { // culprit
			if ctx.Err() != nil {
				return
			}
			if err := check(); err != nil {
				cancel()
				errs <- err
				return
			}
			select {
			case errs <- nil:
			case <-ctx.Done():
			}
		}()
	}
	for range checks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
