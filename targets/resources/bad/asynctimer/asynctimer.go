// oracle: leak class=resource kind=timer line=21 func=Answer rate=1 driver=call entries=TestAnswer
//
// With asynctimerchan=1, as in modules of Go 1.22 and before, a timer that nobody looks at any more stays until its
// time has come.

package asynctimer

import (
	"errors"
	"time"
)

// Offers are held for a week.
const validity = 7 * 24 * time.Hour

// ErrExpired is the answer to an offer that nobody took.
var ErrExpired = errors.New("the offer has expired")

// Answer waits for what a customer says to an offer.
func Answer(customer <-chan string) (string, error) {
	expired := time.After(validity) // culprit
	select {
	case answer := <-customer:
		return answer, nil
	case <-expired:
		return "", ErrExpired
	}
}
