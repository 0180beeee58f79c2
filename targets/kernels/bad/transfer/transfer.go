// oracle: leak class=goroutine kind=sync.Mutex.Lock line=34 func=Bank.Settle rate=0..2 driver=call stock=0.00044 random=0 yield=0.5 entries=TestSettle
//
// Two transfers in opposite directions take the locks of the two accounts in opposite order.

package transfer

import "sync"

// Account is one account of a bank.
type Account struct {
	number  int
	mu      sync.Mutex
	balance int
}

// Transfer is an order to move money.
type Transfer struct {
	From, To *Account
	Amount   int
}

// Bank carries out transfers and notes them in its audit log.
type Bank struct {
	audit chan Transfer
}

// NewBank returns a bank whose audit log has room for n transfers.
func NewBank(n int) *Bank { return &Bank{audit: make(chan Transfer, n)} }

// Settle carries out transfers side by side and sends each on the returned channel when it is done.
func (b *Bank) Settle(transfers []Transfer) <-chan Transfer {
	settled := make(chan Transfer, len(transfers))
	for _, t := range transfers {
		go func() { // culprit
			b.carryOut(t)
			settled <- t
		}()
	}
	return settled
}

func (b *Bank) carryOut(t Transfer) {
	t.From.mu.Lock()
	defer t.From.mu.Unlock()
	b.audit <- t
	t.To.mu.Lock()
	defer t.To.mu.Unlock()
	t.From.balance -= t.Amount
	t.To.balance += t.Amount
}
