// oracle: clean entries=FuzzSum,TestSum
//
// As many workers as calls have ever needed at once stay, four at most, and wait for more.

package workerpool

import (
	"sync"
	"sync/atomic"
)

const maxWorkers = 4

type square struct {
	n      int
	result chan int
}

var (
	mu      sync.Mutex
	workers int
	idle    atomic.Int64
	squares = make(chan square)
)

func hire() {
	mu.Lock()
	defer mu.Unlock()
	if workers == maxWorkers || idle.Load() > 0 {
		return
	}
	workers++
	go func() {
		for {
			idle.Add(1)
			s := <-squares
			idle.Add(-1)
			s.result <- s.n * s.n
		}
	}()
}

// Sum returns the sum of the squares up to n.
func Sum(n uint8) int {
	results := make(chan int, 256)
	for i := range int(n) {
		hire()
		squares <- square{i, results}
	}
	sum := 0
	for range n {
		sum += <-results
	}
	return sum
}
