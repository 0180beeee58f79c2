// oracle: clean entries=TestCompact
//
// A merge locks the segment with the smaller number first.

package joinhang

import "sync"

// Segment is a part of an index.
type Segment struct {
	Number int
	mu     sync.Mutex
	docs   int
}

// Merge moves documents from one segment to another.
type Merge struct{ From, To *Segment }

// Compact does some merges side by side; each is noted in the journal.
func Compact(merges []Merge, journal chan<- Merge) {
	var wg sync.WaitGroup
	for _, m := range merges {
		wg.Add(1)
		go func() {
			defer wg.Done()
			m.run(journal)
		}()
	}
	wg.Wait()
}

func (m Merge) run(journal chan<- Merge) {
	first, second := m.From, m.To
	if first.Number > second.Number {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	journal <- m
	second.mu.Lock()
	defer second.mu.Unlock()
	m.To.docs += m.From.docs
	m.From.docs = 0
}
