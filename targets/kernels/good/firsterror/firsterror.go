// oracle: clean entries=TestVerify
//
// There is room for every error.

package firsterror

import "context"

// A Check looks at one part of a backup.
type Check func() error

// Verify runs checks side by side and returns the first error. Checks not begun by then are left out.
func Verify(ctx context.Context, checks []Check) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(checks))
	for _, check := range checks {
		go func() {
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
