// oracle: delayed hold=1h entries=FuzzSave,TestSave
//
// Every call holds an object for an hour: longer than a batch, shorter than the longest hold.

package release1h

import (
	"strings"
	"sync"
	"time"
)

type draft struct {
	text string
	page [128]byte
}

var (
	mu     sync.Mutex
	next   int
	drafts = map[int]*draft{}
)

// Save keeps a draft for an hour.
func Save(text string) int {
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	drafts[id] = &draft{text: strings.Clone(text)}
	time.AfterFunc(time.Hour, func() {
		mu.Lock()
		defer mu.Unlock()
		delete(drafts, id)
	})
	return id
}
