// oracle: delayed hold=60s entries=FuzzIssue,TestIssue
//
// Every call holds an object for a minute, until a timer's function removes it.

package release60s

import (
	"strings"
	"sync"
	"time"
)

type token struct {
	user  string
	bytes [64]byte
}

var (
	mu     sync.Mutex
	next   int
	tokens = map[int]*token{}
)

// Issue makes a token that is good for a minute.
func Issue(user string) int {
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	tokens[id] = &token{user: strings.Clone(user)}
	time.AfterFunc(time.Minute, func() {
		mu.Lock()
		defer mu.Unlock()
		delete(tokens, id)
	})
	return id
}
