// oracle: clean entries=TestHead
//
// The source is told that the reader leaves.

package drainonce

// Head returns the first line that the source makes, and lets the source finish.
func Head(source func(emit func(line string) bool)) string {
	lines := make(chan string)
	gone := make(chan struct{})
	go func() {
		source(func(line string) bool {
			select {
			case lines <- line:
				return true
			case <-gone:
				return false
			}
		})
	}()
	first := <-lines
	close(gone)
	return first
}
