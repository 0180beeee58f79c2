// oracle: not-leak entries=TestNewKey,TestRing
//
// A cache of the 10,000 newest keys, and a log of the 10,000 newest lines.

package lru10000

import "container/list"

const size = 10_000

var (
	order = list.New()
	items = map[int]*list.Element{}
)

// Put remembers a key and forgets the oldest one.
func Put(key int) {
	items[key] = order.PushFront(key)
	if order.Len() > size {
		oldest := order.Back()
		order.Remove(oldest)
		delete(items, oldest.Value.(int))
	}
}

var ring [][]byte

// Log remembers a line and forgets the oldest one.
func Log(line []byte) {
	ring = append(ring, line)
	if len(ring) > size {
		ring = ring[1:]
	}
}
