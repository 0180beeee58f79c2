// oracle: leak class=goroutine kind=sync.Mutex.Lock line=48 func=Table.Load rate=1 driver=call entries=TestSameShard
// oracle: leak class=goroutine kind=sync.Mutex.Lock line=48 func=Table.Load rate=0..1 driver=call input="two keys in one shard" entries=FuzzLoad
// oracle: clean entries=TestOtherShards
//
// The lock of every shard is given back at the end of the function, so two keys of one shard block the
// second.

package shardlock

import (
	"hash/fnv"
	"sync"
)

const shards = 16

// Table is a map with a lock for each of its shards.
type Table struct {
	shards [shards]struct {
		mu   sync.Mutex
		rows map[string]int
	}
}

// ShardOf returns the shard of a key.
func ShardOf(key string) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % shards)
}

// Store sets the values of some keys.
func (t *Table) Store(rows map[string]int) {
	for key, value := range rows {
		shard := &t.shards[ShardOf(key)]
		shard.mu.Lock()
		defer shard.mu.Unlock()
		if shard.rows == nil {
			shard.rows = map[string]int{}
		}
		shard.rows[key] = value
	}
}

// Load stores rows in the background; done is closed at the end.
func (t *Table) Load(rows map[string]int) (done <-chan struct{}) {
	end := make(chan struct{})
	go func() { // culprit
		defer close(end)
		t.Store(rows)
	}()
	return end
}
