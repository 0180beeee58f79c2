// oracle: clean entries=TestDelete
//
// Every job sends its outcome.

package countedreceive

import "errors"

var errBusy = errors.New("object is in use")

// Delete removes objects side by side and returns how many could not be removed.
func Delete(names []string, remove func(string) error) int {
	errs := make(chan error)
	for _, name := range names {
		go func() {
			errs <- remove(name)
		}()
	}
	failed := 0
	for range names {
		if err := <-errs; err != nil {
			failed++
		}
	}
	return failed
}
