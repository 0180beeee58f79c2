// oracle: leak class=goroutine kind=sync.WaitGroup.Wait hang=yes line=21 func=Square rate=1 driver=call entries=TestSquare
// oracle: leak class=goroutine kind="chan send" line=16 id=worker func=Square rate=2 driver=call entries=TestSquare
//
// The results are read after all workers are done, but without room for them no worker is ever done.

package resultsafterwait

import "sync"

// Square returns the sum of the squares of numbers.
func Square(numbers []int) int {
	var wg sync.WaitGroup
	squares := make(chan int)
	for _, n := range numbers {
		wg.Add(1)
		go func() { // culprit: worker
			defer wg.Done()
			squares <- n * n
		}()
	}
	wg.Wait() // culprit
	close(squares)
	sum := 0
	for square := range squares {
		sum += square
	}
	return sum
}
