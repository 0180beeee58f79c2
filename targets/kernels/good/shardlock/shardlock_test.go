package shardlock

import (
	"strconv"
	"testing"
	"time"
)

func load(rows map[string]int) {
	var table Table
	select {
	case <-table.Load(rows):
	case <-time.After(time.Millisecond):
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("a", "b")
	f.Fuzz(func(t *testing.T, one, other string) {
		load(map[string]int{one: 1, other: 2})
	})
}

// keys returns two keys, in one shard or in two.
func keys(t *testing.T, together bool) map[string]int {
	for i := 1; i < 100; i++ {
		other := "key" + strconv.Itoa(i)
		if (ShardOf("key0") == ShardOf(other)) == together {
			return map[string]int{"key0": 0, other: i}
		}
	}
	t.Fatal("no such keys")
	return nil
}

func TestSameShard(t *testing.T)   { load(keys(t, true)) }
func TestOtherShards(t *testing.T) { load(keys(t, false)) }
