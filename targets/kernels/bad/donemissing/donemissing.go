// oracle: leak class=goroutine kind=sync.WaitGroup.Wait line=32 func=Sum rate=1 driver=call entries=TestBadRecord
// oracle: clean entries=TestGoodRecords
//
// A worker that meets a bad record returns without telling the wait group, and the merger waits for ever.

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
			n, err := strconv.Atoi(record)
			if err != nil {
				return
			}
			sum.Add(int64(n))
			wg.Done()
		}()
	}
	result := make(chan int64, 1)
	go func() { // culprit
		wg.Wait()
		result <- sum.Load()
	}()
	return result
}
