package bad

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // waits for ever when somebody transfers the other way, or to the same account
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}
