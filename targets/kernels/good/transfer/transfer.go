// oracle: clean entries=TestSettle
//
// The locks are taken in the order of the account numbers.

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
		go func() {
			b.carryOut(t)
			settled <- t
		}()
	}
	return settled
}

func (b *Bank) carryOut(t Transfer) {
	first, second := t.From, t.To
	if first.number > second.number {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	b.audit <- t
	second.mu.Lock()
	defer second.mu.Unlock()
	t.From.balance -= t.Amount
	t.To.balance += t.Amount
}
