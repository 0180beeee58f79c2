// oracle: clean entries=TestAppendAll
//
// The leader resigns under the lock under which it finds the queue empty.

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
	l.leading = len(group) > 0
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
	}
	<-c.done
}

// AppendAll writes records side by side.
func (l *Log) AppendAll(records ...string) (written <-chan string) {
	all := make(chan string, len(records))
	for _, record := range records {
		go func() {
			l.Append(record)
			all <- record
		}()
	}
	return all
}
