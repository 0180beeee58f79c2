// oracle: leak class=goroutine kind="chan send" line=18 func=Count rate=0..2 driver=call stock=2 random=1 yield=0.88 entries=TestCount
//
// A shard counts itself as active once it has its number, so the collector may find nobody active while some
// still work.

package activelate

import "sync/atomic"

// A Shard counts its rows.
type Shard func() int

// Count returns the number of rows in all shards.
func Count(shards []Shard) int {
	var active atomic.Int64
	counts := make(chan int)
	for _, shard := range shards {
		go func() { // culprit
			n := shard()
			active.Add(1)
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
