// oracle: leak class=goroutine kind="chan send" line=16 func=Poll rate=2 driver=call entries=TestOneDown
// oracle: clean entries=TestAllUp
//
// The first bad answer ends the loop that collects; the other servers' goroutines can't send any more.

package earlyreturn

// Poll asks all servers for their load, side by side, and returns the sum.
func Poll(servers []string, ask func(string) (int, error)) (int, error) {
	type answer struct {
		load int
		err  error
	}
	answers := make(chan answer)
	for _, server := range servers {
		go func() { // culprit
			load, err := ask(server)
			answers <- answer{load, err}
		}()
	}
	sum := 0
	for range servers {
		a := <-answers
		if a.err != nil {
			return 0, a.err
		}
		sum += a.load
	}
	return sum, nil
}
