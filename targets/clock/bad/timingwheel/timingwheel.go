// oracle: leak class=cache kind=map line=41 func=Wheel.Add rate=1 driver=call entries=TestLogin
//
// Sessions end after ten minutes: a wheel of 600 slots moves on by one slot a second. It drops the slot's list but forgets
// the index by name.

package timingwheel

import (
	"sync"
	"time"
)

const slots = 600

type session struct {
	user string
	note [64]byte
}

// Wheel keeps sessions for ten minutes.
type Wheel struct {
	mu    sync.Mutex
	at    int
	slots [slots][]string
	index map[string]*session
}

// NewWheel returns a wheel that turns.
func NewWheel() *Wheel {
	w := &Wheel{index: map[string]*session{}}
	go w.turn()
	return w
}

// Add keeps a session for ten minutes.
func (w *Wheel) Add(id, user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := (w.at + slots - 1) % slots
	w.slots[last] = append(w.slots[last], id)
	w.index[id] = &session{user: user} // culprit
}

func (w *Wheel) turn() {
	for range time.Tick(time.Second) {
		w.mu.Lock()
		w.slots[w.at] = nil
		w.at = (w.at + 1) % slots
		w.mu.Unlock()
	}
}
