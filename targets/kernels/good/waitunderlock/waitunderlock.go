// oracle: clean entries=TestRefresh
//
// The workers are awaited without the lock.

package waitunderlock

import (
	"strings"
	"sync"
)

// Index maps words to the documents that hold them.
type Index struct {
	mu    sync.Mutex
	words map[string][]string
	stale bool
}

// Refresh reads all documents again, in the background.
func (x *Index) Refresh(documents map[string]string) {
	go x.refresh(documents)
}

func (x *Index) refresh(documents map[string]string) {
	x.mu.Lock()
	x.words = map[string][]string{}
	x.stale = false
	x.mu.Unlock()
	var wg sync.WaitGroup
	for name, text := range documents {
		wg.Add(1)
		go func() {
			defer wg.Done()
			x.add(name, strings.Fields(text))
		}()
	}
	wg.Wait()
}

func (x *Index) add(name string, words []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, word := range words {
		x.words[word] = append(x.words[word], name)
	}
}
