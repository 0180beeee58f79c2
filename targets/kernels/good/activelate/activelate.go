// oracle: clean entries=TestCount
//
// All shards are counted before they are started.

package activelate

import "sync/atomic"

// A Shard counts its rows.
type Shard func() int

// Count returns the number of rows in all shards.
func Count(shards []Shard) int {
	var active atomic.Int64
	active.Store(int64(len(shards)))
	counts := make(chan int)
	for _, shard := range shards {
		go func() {
			n := shard()
			counts <- n
		}()
	}
	sum := 0
	for i := range shards {
		if i > 0 && active.Load() == 0 {
			break // no shard works any more
		}
		sum += <-counts
		active.Add(-1)
	}
	return sum
}
