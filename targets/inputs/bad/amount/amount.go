// oracle: leak class=goroutine kind="chan receive" line=21 func=Pay rate=1 driver=call input="EUR, more than 1,000,000, express" entries=FuzzPay
//
// An order in euros above a limit is held for approval, and an express order held for approval leaves its
// clerk behind.

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
		approved := make(chan bool)
		go func() { // culprit
			if <-approved {
				Pay(limit, currency, false)
			}
		}()
	}
	return errHeld
}
