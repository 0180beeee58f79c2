// oracle: leak class=cache kind=slice line=18 func=Record rate=1 bytes=8..16 driver=call entries=FuzzRecord,TestRecord
//
// Every call appends eight bytes to a slice of the package, whose array grows in steps.

package appendslice

import "sync"

var (
	mu        sync.Mutex
	latencies []int64
)

// Record keeps a latency for the report.
func Record(nanoseconds int64) {
	mu.Lock()
	defer mu.Unlock()
	latencies = append(latencies, nanoseconds) // culprit
}

// Worst returns the longest latency so far.
func Worst() int64 {
	mu.Lock()
	defer mu.Unlock()
	worst := int64(0)
	for _, l := range latencies[max(0, len(latencies)-1000):] {
		worst = max(worst, l)
	}
	return worst
}
