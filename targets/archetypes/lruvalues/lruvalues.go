// oracle: clean entries=TestNewKey
//
// The last 300 pages, whose sizes go up and down: their bytes vary for as long as anybody looks.

package lruvalues

import (
	"container/list"
	"math"
	"sync"
)

type page struct {
	key  int64
	body []byte
}

const most = 300

var (
	mu    sync.Mutex
	order = list.New()
	pages = map[int64]*list.Element{}
)

// Put keeps a page.
func Put(key int64) {
	mu.Lock()
	defer mu.Unlock()
	pages[key] = order.PushFront(&page{key, make([]byte, size(key))})
	for order.Len() > most {
		oldest := order.Back()
		order.Remove(oldest)
		delete(pages, oldest.Value.(*page).key)
	}
}

func size(key int64) int { return 300 + int(150*math.Sin(float64(key)/500)) }
