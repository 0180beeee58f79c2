// oracle: leak class=goroutine kind="chan receive" line=24 func=NewBuffer rate=1 driver=call entries=TestBuffer
//
// Stop stops the ticker, but a stopped ticker does not close its channel: the flusher ranges over it for
// ever.

package tickerrange

import (
	"sync"
	"time"
)

// Buffer gathers log lines and flushes them once a minute.
type Buffer struct {
	mu     sync.Mutex
	lines  []string
	write  func([]string)
	ticker *time.Ticker
}

// NewBuffer starts a buffer.
func NewBuffer(write func([]string)) *Buffer {
	b := &Buffer{write: write, ticker: time.NewTicker(time.Minute)}
	go func() { // culprit
		for range b.ticker.C {
			b.Flush()
		}
	}()
	return b
}

// Add takes one line.
func (b *Buffer) Add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
}

// Flush writes all lines.
func (b *Buffer) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write(b.lines)
	b.lines = b.lines[:0]
}

// Stop writes what is left and ends the buffer.
func (b *Buffer) Stop() {
	b.ticker.Stop()
	b.Flush()
}
