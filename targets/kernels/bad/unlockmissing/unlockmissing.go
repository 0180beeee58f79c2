// oracle: leak class=goroutine kind=sync.Mutex.Lock line=49 func=Hall.Confirm rate=1 driver=call entries=TestTaken
// oracle: leak class=goroutine kind=sync.Mutex.Lock line=49 func=Hall.Confirm rate=0..1 driver=call input="seat not below 8, or 3" entries=FuzzReserve
//
// A reservation that fails returns with the seat map still locked; the confirmation that runs beside it waits
// for ever.

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
	if seat < 0 || seat >= len(h.seats) {
		return errNoSeat
	}
	if h.seats[seat] != "" {
		return errTaken
	}
	h.seats[seat] = guest
	h.mu.Unlock()
	return nil
}

// Confirm writes the confirmations in the background.
func (h *Hall) Confirm() {
	go func() { // culprit
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, guest := range h.seats {
			if guest != "" {
				h.confirmed++
			}
		}
	}()
}
