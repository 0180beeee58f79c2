// oracle: leak class=goroutine kind="chan receive" line=36 func=Logger.Rotate rate=1 driver=call entries=TestRotate
//
// Every logger starts a goroutine at its first rotation that waits for the next one, and Close does not end
// it.

package logmill

import (
	"sync"
	"sync/atomic"
)

// Logger writes lines and packs the old ones away when it rotates.
type Logger struct {
	mu      sync.Mutex
	lines   []string
	mill    chan []string
	start   sync.Once
	packed  atomic.Int64
	rotated int
}

// Write adds a line.
func (l *Logger) Write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// Rotate begins a new file; the old one is packed in the background.
func (l *Logger) Rotate() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.start.Do(func() {
		l.mill = make(chan []string, 1)
		go func() { // culprit
			for lines := range l.mill {
				l.packed.Add(int64(len(lines)))
			}
		}()
	})
	l.mill <- l.lines
	l.lines = nil
	l.rotated++
}

// Close ends the logger.
func (l *Logger) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = nil
}
