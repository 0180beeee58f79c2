// oracle: clean entries=TestRun
//
// The command stops listening at its end.

package signals

import (
	"os"
	"os/signal"
)

// Run runs a command that can be interrupted.
func Run(command func() int) (int, bool) {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt)
	defer signal.Stop(interrupt)
	result := make(chan int, 1)
	go func() { result <- command() }()
	select {
	case n := <-result:
		return n, true
	case <-interrupt:
		return 0, false
	}
}
