// oracle: leak class=goroutine kind="chan receive" line=11 func=Tail rate=1 driver=call entries=TestTail
//
// The printer ranges over a channel that the producer never closes.

package neverclosed

// Tail passes the last n lines of a log to print, in the background; the returned channel is closed behind the last.
func Tail(log []string, n int, print func(string)) <-chan struct{} {
	lines := make(chan string, n)
	printed := make(chan struct{})
	go func() { // culprit
		left := n
		for line := range lines {
			print(line)
			if left--; left == 0 {
				close(printed)
			}
		}
	}()
	for _, line := range log[max(0, len(log)-n):] {
		lines <- line
	}
	return printed
}
