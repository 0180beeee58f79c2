// oracle: clean entries=FuzzReserve,TestTaken
//
// Every way out of a reservation gives back the lock.

package unlockmissing

import (
	"errors"
	"sync"
)

var (
	errNoSeat = errors.New("no such seat")
	errTaken  = errors.New("seat is taken")
)

// Hall knows who sits where.
type Hall struct {
	mu        sync.Mutex
	seats     []string
	confirmed int
}

// NewHall returns a hall with some free seats, and the manager in seat 3.
func NewHall(size int) *Hall {
	h := &Hall{seats: make([]string, size)}
	h.seats[3] = "manager"
	return h
}

// Reserve gives a seat to a guest.
func (h *Hall) Reserve(seat int, guest string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if seat < 0 || seat >= len(h.seats) {
		return errNoSeat
	}
	if h.seats[seat] != "" {
		return errTaken
	}
	h.seats[seat] = guest
	return nil
}

// Confirm writes the confirmations in the background.
func (h *Hall) Confirm() {
	go func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, guest := range h.seats {
			if guest != "" {
				h.confirmed++
			}
		}
	}()
}
