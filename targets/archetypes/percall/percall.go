// oracle: leak class=goroutine kind="chan receive" line=15 func=Order rate=1 driver=call entries=FuzzOrder,TestOrder,BenchmarkOrder,ExampleOrder
//
// Every call leaves one goroutine behind that waits for a confirmation nobody gives.

package percall

import "sync/atomic"

// Confirmed counts the orders whose confirmation has come.
var Confirmed atomic.Int64

// Order takes an order for an article and waits for its confirmation in the background.
func Order(article string) (id string) {
	confirmation := make(chan bool)
	go func() { // culprit
		if <-confirmation {
			Confirmed.Add(1)
		}
	}()
	return "order of " + article
}
