// oracle: not-leak entries=FuzzStep,TestStep
//
// The size of a queue wanders at random between 0 and 2,000, with neither a trend nor a cause in the calls'
// number.

package walk

import (
	"math/rand/v2"
	"sync"
)

type task struct {
	id   int
	data [100]byte
}

var (
	mu    sync.Mutex
	tasks []*task
)

// Step lets some tasks come or go.
func Step(name string) int {
	mu.Lock()
	defer mu.Unlock()
	for range rand.N(16) {
		if n := len(tasks); n == 0 || n < 2000 && rand.N(2) == 0 {
			tasks = append(tasks, &task{id: n})
		} else {
			tasks[n-1] = nil
			tasks = tasks[:n-1]
		}
	}
	return len(tasks)
}
