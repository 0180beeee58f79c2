// oracle: leak class=cache kind=map line=35 func=Login rate=0..1 driver=call input="the password is not open sesame" entries=FuzzLogin
// oracle: leak class=cache kind=map line=35 func=Login rate=1/10 driver=call entries=TestEveryTenthFails
// oracle: clean entries=TestSucceeds
//
// A login that fails leaves an entry behind that nobody removes; one that succeeds removes its own.

package erroronly

import (
	"errors"
	"sync"
	"time"
)

type attempt struct {
	user  string
	since time.Time
	notes [64]byte
}

var (
	mu       sync.Mutex
	attempts = map[uint64]*attempt{}
	next     uint64
)

var errPassword = errors.New("wrong password")

// Login checks a password.
func Login(user, password string) error {
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	attempts[id] = &attempt{user: user, since: time.Now()} // culprit
	if password != "open sesame" {
		return errPassword
	}
	delete(attempts, id)
	return nil
}
