// oracle: not-leak entries=TestGrant
//
// Leases end after a day. They lie in a heap, the next one to end first, and each call takes out those that have ended. The
// array of the heap keeps the length of the fullest day, and is filled anew.

package fullestday

import (
	"container/heap"
	"sync"
	"time"
)

type lease struct {
	holder int
	ends   time.Time
}

type byEnd []*lease

func (b byEnd) Len() int           { return len(b) }
func (b byEnd) Less(i, j int) bool { return b[i].ends.Before(b[j].ends) }
func (b byEnd) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byEnd) Push(x any)        { *b = append(*b, x.(*lease)) }

func (b *byEnd) Pop() any {
	last := len(*b) - 1
	l := (*b)[last]
	(*b)[last] = nil
	*b = (*b)[:last]
	return l
}

var (
	mu     sync.Mutex
	leases byEnd
)

// Grant lends something for a day.
func Grant(holder int) {
	mu.Lock()
	defer mu.Unlock()
	now := time.Now()
	for len(leases) > 0 && now.After(leases[0].ends) {
		heap.Pop(&leases)
	}
	heap.Push(&leases, &lease{holder: holder, ends: now.Add(24 * time.Hour)})
}
