// oracle: leak class=goroutine kind="chan receive" line=31 func=Fetch rate=1/10 driver=call entries=FuzzFetch,TestNewKey
//
// A bounded cache of 500 fills beside a leak of one goroutine in ten calls.

package lruandleak

import (
	"container/list"
	"strings"
	"sync"
)

type item struct {
	key  string
	body [128]byte
}

var (
	mu    sync.Mutex
	order = list.New()
	items = map[string]*list.Element{}
	calls int
)

// Fetch returns an item by way of a cache; one call in ten refreshes in the background.
func Fetch(key string) *item {
	mu.Lock()
	defer mu.Unlock()
	if calls++; calls%10 == 0 {
		refreshed := make(chan *item)
		go func() { // culprit
			store(<-refreshed)
		}()
	}
	if e := items[key]; e != nil {
		order.MoveToFront(e)
		return e.Value.(*item)
	}
	i := &item{key: strings.Clone(key)}
	store(i)
	return i
}

func store(i *item) {
	items[i.key] = order.PushFront(i)
	if order.Len() > 500 {
		oldest := order.Back()
		order.Remove(oldest)
		delete(items, oldest.Value.(*item).key)
	}
}
