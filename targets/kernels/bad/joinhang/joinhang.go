// oracle: leak class=goroutine kind=sync.Mutex.Lock line=25 func=Compact rate=0..2 driver=call stock=0.00047 random=0.0003 yield=0.58 entries=TestCompact
// oracle: leak class=goroutine kind=sync.WaitGroup.Wait hang=yes line=30 id=wait func=Compact rate=0..1 driver=call entries=TestCompact
//
// Two merges lock their two segments in the order of their arguments, and the caller waits for both merges.

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
		go func() { // culprit
			defer wg.Done()
			m.run(journal)
		}()
	}
	wg.Wait() // culprit: wait
}

func (m Merge) run(journal chan<- Merge) {
	first, second := m.From, m.To
	first.mu.Lock()
	defer first.mu.Unlock()
	journal <- m
	second.mu.Lock()
	defer second.mu.Unlock()
	m.To.docs += m.From.docs
	m.From.docs = 0
}
