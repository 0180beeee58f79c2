// oracle: clean entries=TestBuffer
//
// The flusher also listens to a channel that Stop closes.

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
	done   chan struct{}
}

// NewBuffer starts a buffer.
func NewBuffer(write func([]string)) *Buffer {
	b := &Buffer{write: write, ticker: time.NewTicker(time.Minute), done: make(chan struct{})}
	go func() {
		for {
			select {
			case <-b.ticker.C:
				b.Flush()
			case <-b.done:
				return
			}
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
	close(b.done)
	b.Flush()
}
