// oracle: not-leak entries=FuzzGet,TestNewKey
//
// Entries live for ten minutes; a janitor looks once a minute.

package ttlcache

import (
	"strings"
	"sync"
	"time"
)

type item struct {
	until time.Time
	value [64]byte
}

var (
	mu    sync.Mutex
	items = map[string]*item{}
	start sync.Once
)

const life = 10 * time.Minute

// Get returns the value of a key, made anew when it is too old.
func Get(key string) [64]byte {
	start.Do(func() { go janitor() })
	mu.Lock()
	defer mu.Unlock()
	i := items[key]
	if now := time.Now(); i == nil || now.After(i.until) {
		i = &item{until: now.Add(life)}
		copy(i.value[:], key)
		items[strings.Clone(key)] = i
	}
	return i.value
}

func janitor() {
	for now := range time.Tick(time.Minute) {
		mu.Lock()
		for key, i := range items {
			if now.After(i.until) {
				delete(items, key)
			}
		}
		mu.Unlock()
	}
}
