// oracle: clean entries=TestOneDown,TestAllUp
//
// The channel has room for all answers.

package earlyreturn

// Poll asks all servers for their load, side by side, and returns the sum.
func Poll(servers []string, ask func(string) (int, error)) (int, error) {
	type answer struct {
		load int
		err  error
	}
	answers := make(chan answer, len(servers))
	for _, server := range servers {
		go func() {
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
