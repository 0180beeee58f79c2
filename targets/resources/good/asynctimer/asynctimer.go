// oracle: clean entries=TestAnswer
//
// With asynctimerchan=1, as in modules of Go 1.22 and before, a timer goes when it is stopped.

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
	timer := time.NewTimer(validity)
	defer timer.Stop()
	select {
	case answer := <-customer:
		return answer, nil
	case <-timer.C:
		return "", ErrExpired
	}
}
