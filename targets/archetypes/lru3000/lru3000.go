// oracle: not-leak entries=FuzzGet,TestNewKey
// oracle: clean entries=TestOldKeys
//
// A cache of the 3,000 newest entries: new keys fill it, and then the oldest entry makes room.

package lru3000

import (
	"container/list"
	"strings"
	"sync"
)

const capacity = 3000

type entry struct {
	key   string
	value [64]byte
}

var (
	mu    sync.Mutex
	order = list.New() // the newest entry is in front
	byKey = map[string]*list.Element{}
)

// Get returns the value of a key by way of the cache.
func Get(key string) [64]byte {
	mu.Lock()
	defer mu.Unlock()
	if e, ok := byKey[key]; ok {
		order.MoveToFront(e)
		return e.Value.(*entry).value
	}
	e := &entry{key: strings.Clone(key)}
	copy(e.value[:], key)
	byKey[e.key] = order.PushFront(e)
	if order.Len() > capacity {
		oldest := order.Back()
		order.Remove(oldest)
		delete(byKey, oldest.Value.(*entry).key)
	}
	return e.value
}
