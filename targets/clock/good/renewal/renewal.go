// oracle: not-leak note="came to rest before" entries=TestIssue
//
// A lease is renewed when half of its time is over, which comes to nothing: from then on its goroutine does nothing else.
// Tokens expire after an hour.

package renewal

import (
	"sync"
	"time"
)

const (
	leased   = 6 * time.Minute
	validity = time.Hour
)

var (
	renewing sync.Once
	mu       sync.Mutex
	tokens   = map[int]*[200]byte{}
	issued   int
)

func renew() {
	for left := leased; ; left /= 2 {
		time.Sleep(left / 2)
	}
}

// Issue makes a token.
func Issue() int {
	renewing.Do(func() { go renew() })
	mu.Lock()
	defer mu.Unlock()
	issued++
	number := issued
	tokens[number] = new([200]byte)
	time.AfterFunc(validity, func() { expire(number) })
	return number
}

func expire(number int) {
	mu.Lock()
	defer mu.Unlock()
	delete(tokens, number)
}
