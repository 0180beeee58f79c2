// oracle: leak class=goroutine kind=sync.Mutex.Lock line=33 id=worker func=Index.refresh rate=3 driver=call entries=TestRefresh
// oracle: leak class=goroutine kind=sync.WaitGroup.Wait line=22 func=Index.Refresh rate=1 driver=call entries=TestRefresh
//
// A refresh holds the lock while it waits for workers that need the lock to store what they have found.

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
	go x.refresh(documents) // culprit
}

func (x *Index) refresh(documents map[string]string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.words = map[string][]string{}
	x.stale = false
	var wg sync.WaitGroup
	for name, text := range documents {
		wg.Add(1)
		go func() { // culprit: worker
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
