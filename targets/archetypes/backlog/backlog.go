// oracle: not-leak entries=FuzzWork,TestWork
//
// A backlog of 5,000 jobs from the start drains and stays empty.

package backlog

import "sync"

type job struct {
	id      int
	payload [96]byte
}

var (
	mu      sync.Mutex
	backlog []*job
)

func init() {
	for i := range 5000 {
		backlog = append(backlog, &job{id: i})
	}
}

// Work adds a job and does three.
func Work(id int) int {
	mu.Lock()
	defer mu.Unlock()
	backlog = append(backlog, &job{id: id})
	for range min(3, len(backlog)) {
		backlog[0] = nil
		backlog = backlog[1:]
	}
	return len(backlog)
}
