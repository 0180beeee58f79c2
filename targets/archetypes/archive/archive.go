// oracle: leak class=cache kind=slice line=38 or=41 func=Log.pack rate=1 driver=call entries=TestLog
// oracle: not-leak entries=TestBoundedLog
//
// What is recent is packed into an archive every ten minutes. Neither site grows with the calls of its batch alone: the one is
// emptied again and again, the other gets what many batches left. The bounded archive keeps the last thousand.

package archive

import (
	"strconv"
	"sync"
	"time"
)

type entry struct {
	number int
	text   string
}

// Log keeps all entries, the older ones packed.
type Log struct {
	mu      sync.Mutex
	most    int // entries of the archive; 0: any number
	recent  []*entry
	archive []string
}

// Add adds an entry.
func (l *Log) Add(number int, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recent = append(l.recent, &entry{number, text})
}

func (l *Log) pack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	older := make([]string, 0, len(l.archive)+len(l.recent)) // culprit
	older = append(older, l.archive...)
	for _, e := range l.recent {
		older = append(older, strconv.Itoa(e.number)+" "+e.text) // also right
	}
	l.recent = nil
	if l.most > 0 && len(older) > l.most {
		older = append([]string(nil), older[len(older)-l.most:]...)
	}
	l.archive = older
}

// Pack packs it every ten minutes.
func (l *Log) Pack() *Log {
	go func() {
		for range time.Tick(10 * time.Minute) {
			l.pack()
		}
	}()
	return l
}
