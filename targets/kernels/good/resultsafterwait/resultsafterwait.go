// oracle: clean entries=TestSquare
//
// The results are read while the workers run.

package resultsafterwait

import "sync"

// Square returns the sum of the squares of numbers.
func Square(numbers []int) int {
	var wg sync.WaitGroup
	squares := make(chan int)
	for _, n := range numbers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			squares <- n * n
		}()
	}
	go func() {
		wg.Wait()
		close(squares)
	}()
	sum := 0
	for square := range squares {
		sum += square
	}
	return sum
}
