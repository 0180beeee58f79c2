// oracle: leak class=goroutine kind="chan receive" hang=yes line=23 func=Delete rate=1 driver=call entries=TestDelete
//
// The caller waits for as many errors as there are jobs, but a job that succeeds sends none.

package countedreceive

import "errors"

var errBusy = errors.New("object is in use")

// Delete removes objects side by side and returns how many could not be removed.
func Delete(names []string, remove func(string) error) int {
	errs := make(chan error)
	for _, name := range names {
		go func() {
			if err := remove(name); err != nil {
				errs <- err
			}
		}()
	}
	failed := 0
	for range names {
		if err := <-errs; err != nil { // culprit
			failed++
		}
	}
	return failed
}
