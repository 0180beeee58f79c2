// oracle: leak class=goroutine kind="chan send" line=20 func=Emit rate=1 driver=call entries=FuzzEmit,TestEmit
//
// Nothing leaks in the first 600 calls, one goroutine per call from then on.

package latestart

import "sync/atomic"

var (
	events  = make(chan string, 600)
	emitted atomic.Int64
)

// Emit queues an event without waiting; the queue that nobody reads holds 600.
func Emit(event string) {
	emitted.Add(1)
	select {
	case events <- event:
	default:
		go func() { // culprit
			events <- event
		}()
	}
}
