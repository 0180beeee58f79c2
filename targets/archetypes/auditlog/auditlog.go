// oracle: clean entries=TestLogin
// oracle: leak class=cache kind=slice line=35 func=Refuse rate=1 driver=call entries=TestRefused
//
// The last 300 entries are kept in a slice that slides over its array: 300 to 500 of them are there. Of refused
// ones all are kept.

package auditlog

import (
	"strconv"
	"sync"
)

const most = 300

var (
	mu      sync.Mutex
	entries []string
	refused []string
)

// Login remembers who came.
func Login(user int64) {
	mu.Lock()
	defer mu.Unlock()
	if entries = append(entries, "login of user "+strconv.FormatInt(user, 10)); len(entries) > most {
		entries = entries[len(entries)-most:]
	}
}

// Refuse remembers who did not.
func Refuse(user int64) {
	mu.Lock()
	defer mu.Unlock()
	refused = append(refused, "refused user "+strconv.FormatInt(user, 10)) // culprit
	if len(entries) > most {
		refused = refused[len(refused)-most:]
	}
}
