// oracle: not-leak entries=FuzzInsert,TestInsert
//
// A buffer is flushed whenever it holds 256 entries.

package sawtooth

import "sync"

type row struct {
	id   int
	cols [8]int64
}

var (
	mu      sync.Mutex
	rows    []*row
	flushed int
)

// Insert buffers a row.
func Insert(id int) {
	mu.Lock()
	defer mu.Unlock()
	rows = append(rows, &row{id: id})
	if len(rows) == 256 {
		flushed += len(rows)
		rows = nil
	}
}
