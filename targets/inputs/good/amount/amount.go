// oracle: clean entries=FuzzPay
//
// The clerk goes home when the order is turned down.

package amount

import "errors"

const limit = 1_000_000

var errHeld = errors.New("held for approval")

// Pay pays an amount.
func Pay(amount int64, currency string, express bool) error {
	if currency != "EUR" || amount <= limit {
		return nil
	}
	if express {
		approved := make(chan bool, 1)
		approved <- false // nobody is there to approve
		go func() {
			if <-approved {
				Pay(limit, currency, false)
			}
		}()
	}
	return errHeld
}
