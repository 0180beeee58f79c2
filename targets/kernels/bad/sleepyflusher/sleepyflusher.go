// oracle: leak class=goroutine kind=select line=44 func=Write rate=0.1..1 driver=call stock=1 random=0.98 yield=0.0009 entries=TestWrite
//
// Close does nothing for a flusher that has not begun to run, which is so on Go's own schedule in every call: a short
// use is over before the scheduler comes to the new goroutine. What makes rare interleavings common hides this one.

package sleepyflusher

import "sync"

// Log is flushed in the background.
type Log struct {
	mu       sync.Mutex
	lines    []string
	flushing bool
	flush    chan struct{}
	quit     chan struct{}
}

func (l *Log) run() {
	l.mu.Lock()
	l.flushing = true
	l.mu.Unlock()
	for {
		select {
		case <-l.flush:
			l.mu.Lock()
			l.lines = l.lines[:0]
			l.mu.Unlock()
		case <-l.quit:
			return
		}
	}
}

func (l *Log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// Write keeps lines in a log of their own.
func Write(lines ...string) int {
	l := &Log{flush: make(chan struct{}), quit: make(chan struct{})}
	go l.run() // culprit
	for _, line := range lines {
		l.add(line)
	}
	return l.Close()
}

// Close ends the flusher and tells how many lines were left.
func (l *Log) Close() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flushing {
		close(l.quit)
	}
	return len(l.lines)
}
