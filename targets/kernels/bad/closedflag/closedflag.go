// oracle: leak class=goroutine kind="chan send" line=49 func=Queue.PushAll rate=0..3 driver=call stock=0.00011 random=0.053 yield=0.48 entries=TestClose
//
// The queue looks whether it is closed and sends only then; a close in between ends the receiver, and the
// sender waits for ever.

package closedflag

import "sync/atomic"

// Queue passes items to its drain until it is closed.
type Queue struct {
	items  chan int
	quit   chan struct{}
	closed atomic.Bool
	got    atomic.Int64
}

// Open starts a queue.
func Open() *Queue {
	q := &Queue{items: make(chan int), quit: make(chan struct{})}
	go q.drain()
	return q
}

func (q *Queue) drain() {
	for {
		select {
		case <-q.items:
			q.got.Add(1)
		case <-q.quit:
			return
		}
	}
}

// Push queues an item, unless the queue is closed.
func (q *Queue) Push(item int) bool {
	if q.closed.Load() {
		return false
	}
	q.items <- item
	return true
}

// PushAll queues items in the background, side by side.
func (q *Queue) PushAll(items ...int) (pushed <-chan bool) {
	all := make(chan bool, len(items))
	for _, item := range items {
		go func() { // culprit
			all <- q.Push(item)
		}()
	}
	return all
}

// Close ends the queue.
func (q *Queue) Close() {
	if q.closed.CompareAndSwap(false, true) {
		close(q.quit)
	}
}
