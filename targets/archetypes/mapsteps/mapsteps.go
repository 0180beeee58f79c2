// oracle: leak class=cache kind=map line=19 func=Count rate=1 bytes=8..80 driver=key entries=FuzzCount
// oracle: leak class=cache kind=map line=19 func=Count rate=1 bytes=8..80 driver=call entries=TestNewNumber
//
// A map from number to number without a bound: its tables grow in steps, and there is no object per entry.

package mapsteps

import "sync"

var (
	mu     sync.Mutex
	counts = map[int64]int64{}
)

// Count returns how often it was called with a number.
func Count(number int64) int64 {
	mu.Lock()
	defer mu.Unlock()
	counts[number]++ // culprit
	return counts[number]
}
