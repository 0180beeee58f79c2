// oracle: clean entries=TestBadRecord,TestGoodRecords
//
// Done is deferred, so it is called on every way out.

package donemissing

import (
	"strconv"
	"sync"
	"sync/atomic"
)

// Sum adds up records in the background; the sum comes on the returned channel.
func Sum(records []string) <-chan int64 {
	var (
		wg  sync.WaitGroup
		sum atomic.Int64
	)
	for _, record := range records {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err := strconv.Atoi(record)
			if err != nil {
				return
			}
			sum.Add(int64(n))
		}()
	}
	result := make(chan int64, 1)
	go func() {
		wg.Wait()
		result <- sum.Load()
	}()
	return result
}
