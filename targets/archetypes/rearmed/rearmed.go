// oracle: leak class=resource kind=timer line=35 func=watch.arm rate=1 driver=call entries=TestWatch
// oracle: clean entries=TestWatchUntilDone
//
// A timer's callback looks after something and arms the next timer, every hour, for ever. Each timer is gone when it has
// fired; the chain of them never ends.

package rearmed

import (
	"sync"
	"time"
)

type watch struct {
	mu    sync.Mutex
	timer *time.Timer
	done  bool
}

// Watch looks after something from now on.
func Watch() *watch {
	w := new(watch)
	w.arm()
	return w
}

func (w *watch) look() { w.arm() }

func (w *watch) arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return
	}
	w.timer = time.AfterFunc(time.Hour, w.look) // culprit
}

// Done ends it.
func (w *watch) Done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	w.timer.Stop()
}
