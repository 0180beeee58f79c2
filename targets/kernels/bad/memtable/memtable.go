// oracle: leak class=goroutine kind=sync.Cond.Wait line=56 func=Table.Fill rate=0..5 driver=call stock=2.3 random=1.5 yield=1.6 entries=TestFill
//
// After a flush one of the stalled writers is woken; when it leaves room for another, nobody tells that one.

package memtable

import (
	"sync"
	"sync/atomic"
)

const tableSize = 2

// Table gathers rows in memory; a full one is flushed while the next one fills.
type Table struct {
	mu     sync.Mutex
	cond   *sync.Cond
	active []int
	frozen []int
	disk   atomic.Int64
}

// Open returns an empty table.
func Open() *Table {
	t := &Table{}
	t.cond = sync.NewCond(&t.mu)
	return t
}

func (t *Table) flush(rows []int) {
	t.disk.Add(int64(len(rows)))
	t.mu.Lock()
	t.frozen = nil
	t.mu.Unlock()
	t.cond.Signal()
}

// Put adds a row; it waits while both tables are full.
func (t *Table) Put(row int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.active) == tableSize && t.frozen != nil {
		t.cond.Wait()
	}
	if len(t.active) == tableSize {
		t.frozen, t.active = t.active, nil
		go t.flush(t.frozen)
	}
	t.active = append(t.active, row)
}

// Fill adds n rows, side by side.
func (t *Table) Fill(n int) (done <-chan int) {
	end := make(chan int, n)
	for row := range n {
		go func() { // culprit
			t.Put(row)
			end <- row
		}()
	}
	return end
}
