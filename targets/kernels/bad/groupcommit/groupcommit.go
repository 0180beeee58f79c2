// oracle: leak class=goroutine kind="chan receive" line=66 func=Log.AppendAll rate=0..3 driver=call stock=0.00028 random=0.0001 yield=0.56 entries=TestAppendAll
//
// A record that is queued after the leader has found the queue empty, but before it resigned, is left without
// a leader.

package groupcommit

import "sync"

type commit struct {
	record string
	done   chan struct{}
}

// Log writes records in groups: the first to come writes for all who come meanwhile.
type Log struct {
	mu      sync.Mutex
	queue   []*commit
	leading bool
	disk    chan string
	groups  chan int
}

// NewLog returns a log on a disk with room for n records.
func NewLog(n int) *Log {
	return &Log{disk: make(chan string, n), groups: make(chan int, n)}
}

func (l *Log) take() []*commit {
	l.mu.Lock()
	defer l.mu.Unlock()
	group := l.queue
	l.queue = nil
	return group
}

// Append returns when the record is written.
func (l *Log) Append(record string) {
	c := &commit{record, make(chan struct{})}
	l.mu.Lock()
	l.queue = append(l.queue, c)
	leader := !l.leading
	l.leading = true
	l.mu.Unlock()
	if leader {
		groups := 0
		for group := l.take(); len(group) > 0; group = l.take() {
			for _, c := range group {
				l.disk <- c.record
				close(c.done)
			}
			groups++
		}
		l.groups <- groups
		l.mu.Lock()
		l.leading = false
		l.mu.Unlock()
	}
	<-c.done
}

// AppendAll writes records side by side.
func (l *Log) AppendAll(records ...string) (written <-chan string) {
	all := make(chan string, len(records))
	for _, record := range records {
		go func() { // culprit
			l.Append(record)
			all <- record
		}()
	}
	return all
}
