// oracle: clean entries=TestClose
//
// The sender also listens for the close while it sends.

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
	select {
	case q.items <- item:
		return true
	case <-q.quit:
		return false
	}
}

// PushAll queues items in the background, side by side.
func (q *Queue) PushAll(items ...int) (pushed <-chan bool) {
	all := make(chan bool, len(items))
	for _, item := range items {
		go func() {
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
