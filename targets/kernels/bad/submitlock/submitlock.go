// oracle: leak class=goroutine kind="sync.Mutex.Lock|chan send|chan receive" line=47 func=Queue.Serve rate=0..5 driver=call stock=0.011 random=1.4 yield=2.1 entries=TestServe
//
// Submit sends to the queue under the lock that the worker takes after each job: with the queue full, both
// wait.

package submitlock

import "sync"

// Queue hands jobs to one worker.
type Queue struct {
	mu        sync.Mutex
	submitted int
	finished  int
	jobs      chan func()
}

// NewQueue returns a queue with room for one job.
func NewQueue() *Queue { return &Queue{jobs: make(chan func(), 1)} }

// Submit queues a job.
func (q *Queue) Submit(job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.submitted++
	q.jobs <- job
}

func (q *Queue) work(jobs int) {
	for range jobs {
		job := <-q.jobs
		job()
		q.mu.Lock()
		q.finished++
		q.mu.Unlock()
	}
}

// Serve lets n clients submit a job each, beside the worker; every job that has run is sent on the returned channel.
func (q *Queue) Serve(n int) <-chan int {
	ran := make(chan int, n)
	parts := []func(){func() { q.work(n) }}
	for i := range n {
		parts = append(parts, func() { q.Submit(func() { ran <- i }) })
	}
	for _, part := range parts {
		go part() // culprit
	}
	return ran
}
