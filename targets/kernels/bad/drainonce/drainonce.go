// oracle: leak class=goroutine kind="chan send" line=11 func=Head rate=0..1 driver=call stock=0.00044 random=0.0003 yield=0.31 entries=TestHead
//
// The reader leaves after it has drained what is there; a source that was not yet sending waits for it for
// ever.

package drainonce

// Head returns the first line that the source makes, and lets the source finish.
func Head(source func(emit func(line string) bool)) string {
	lines := make(chan string)
	go func() { // culprit
		source(func(line string) bool {
			lines <- line
			return true
		})
	}()
	first := <-lines
	for {
		select {
		case <-lines:
		default:
			return first
		}
	}
}
