// oracle: not-leak entries=FuzzCount,TestCount
//
// 500 keys, most calls to a few of them: the table is nearly full after a while, and then really.

package skewedkeys

import (
	"fmt"
	"sync"
)

type word struct {
	text  string
	count int
	where [12]int
}

var (
	mu    sync.Mutex
	words = map[int]*word{}
)

// Count counts the word with some rank; low ranks are common.
func Count(r float64) int {
	rank := min(int(1/max(r, 1.0/500)), 500)
	mu.Lock()
	defer mu.Unlock()
	w := words[rank]
	if w == nil {
		w = &word{text: fmt.Sprint("word ", rank)}
		words[rank] = w
	}
	w.count++
	return w.count
}
