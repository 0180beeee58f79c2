// oracle: leak class=cache kind=map line=15 func=Run rate=1 driver=call entries=TestRun
//
// Every command listens for an interrupt and never stops listening; the signal package keeps its channel.

package signals

import (
	"os"
	"os/signal"
)

// Run runs a command that can be interrupted.
func Run(command func() int) (int, bool) {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt) // culprit
	result := make(chan int, 1)
	go func() { result <- command() }()
	select {
	case n := <-result:
		return n, true
	case <-interrupt:
		return 0, false
	}
}
