// oracle: leak class=goroutine kind=select line=23 func=Submit rate=1 driver=call entries=TestSubmit
//
// Nobody takes what is submitted. Each attempt has a deadline of its own, and nothing bounds the attempts.

package retrycontext

import (
	"context"
	"time"
)

// Queue takes jobs.
type Queue struct{ jobs chan string }

// NewQueue returns a queue without a worker.
func NewQueue() *Queue { return &Queue{make(chan string)} }

// Submit hands in a job in the background.
func (q *Queue) Submit(job string) { Submit(context.Background(), q.jobs, job) }

// Submit offers a job until somebody takes it.
func Submit(ctx context.Context, jobs chan<- string, job string) {
	go func() { // culprit
		for {
			attempt, cancel := context.WithTimeout(ctx, 30*time.Second)
			select {
			case jobs <- job:
				cancel()
				return
			case <-attempt.Done():
				cancel()
			}
		}
	}()
}
