// oracle: leak class=resource kind=timer line=33 func=Accounts.Schedule rate=1 driver=call entries=TestLogin
//
// An account that is due for deletion in 90 days gets a timer; a login cancels the deletion, but not its
// timer.

package timer

import (
	"sync"
	"time"
)

type deletion struct {
	user  string
	timer *time.Timer
	notes [128]byte
}

// Accounts knows the accounts that are due for deletion.
type Accounts struct {
	mu  sync.Mutex
	due map[string]*deletion
}

// Schedule has an account deleted in 90 days.
func (a *Accounts) Schedule(user string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.due == nil {
		a.due = map[string]*deletion{}
	}
	d := &deletion{user: user}
	d.timer = time.AfterFunc(90*24*time.Hour, func() { a.remove(d) }) // culprit
	a.due[user] = d
}

// Login keeps an account.
func (a *Accounts) Login(user string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.due, user)
}

func (a *Accounts) remove(d *deletion) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.due[d.user] == d {
		delete(a.due, d.user)
	}
}
