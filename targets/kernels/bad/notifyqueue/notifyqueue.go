// oracle: leak class=goroutine kind="chan receive" line=50 func=Queue.PopLater rate=0..1 driver=call stock=0.00011 random=0 yield=0.087 entries=TestPop
//
// A consumer that has found the queue empty is not waiting yet when the producer offers its wake-up.

package notifyqueue

import "sync"

// Queue is a queue without a bound.
type Queue struct {
	mu     sync.Mutex
	items  []int
	notify chan struct{}
}

// NewQueue returns an empty queue.
func NewQueue() *Queue {
	return &Queue{notify: make(chan struct{})}
}

// Push adds an item and wakes a consumer.
func (q *Queue) Push(item int) {
	q.mu.Lock()
	q.items = append(q.items, item)
	q.mu.Unlock()
	select {
	case q.notify <- struct{}{}:
	default:
	}
}

// Pop waits for an item.
func (q *Queue) Pop() int {
	for {
		q.mu.Lock()
		if len(q.items) > 0 {
			item := q.items[0]
			q.items = q.items[1:]
			q.mu.Unlock()
			return item
		}
		q.mu.Unlock()
		<-q.notify
	}
}

// PopLater sends the next item on the returned channel.
func (q *Queue) PopLater() <-chan int {
	item := make(chan int, 1)
	go func() { // culprit
		item <- q.Pop()
	}()
	return item
}
