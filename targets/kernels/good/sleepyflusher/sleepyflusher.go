// oracle: clean entries=TestWrite
//
// Close ends a flusher that has not begun to run as well.

package sleepyflusher

import "sync"

// Log is flushed in the background.
type Log struct {
	mu    sync.Mutex
	lines []string
	flush chan struct{}
	quit  chan struct{}
}

func (l *Log) run() {
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
	go l.run()
	for _, line := range lines {
		l.add(line)
	}
	return l.Close()
}

// Close ends the flusher and tells how many lines were left.
func (l *Log) Close() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.quit)
	return len(l.lines)
}
