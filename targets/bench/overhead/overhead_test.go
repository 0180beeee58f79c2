// oracle: clean entries=TestCalls,TestAllocations
//
// What the probes cost: each entry does one kind of work and writes the nanoseconds of its fastest call so far, which no noise
// of the machine makes shorter, to the file that OVERHEAD_FILE names. ci/probe-overhead compares them.

package overhead

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

var fastest time.Duration

func measure(t *testing.T, work func()) {
	begin := time.Now()
	work()
	took := time.Since(begin)
	if fastest != 0 && took >= fastest {
		return
	}
	fastest = took
	if path := os.Getenv("OVERHEAD_FILE"); path != "" {
		if err := os.WriteFile(path, fmt.Append(nil, took.Nanoseconds()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCalls calls what servers call all day: channels, locks, the clock, contexts, timers, descriptors.
func TestCalls(t *testing.T) {
	measure(t, func() {
		var mu sync.Mutex
		done := make(chan struct{})
		queue := make(chan int, 8)
		for i := range 4000 {
			mu.Lock()
			queue <- i
			mu.Unlock()
			select {
			case <-queue:
			case <-done:
			}
			_ = time.Now()
		}
		for range 50 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			time.AfterFunc(time.Minute, func() {}).Stop()
			cancel()
			<-ctx.Done()
		}
		for range 50 {
			file, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			file.Close()
		}
	})
}

type node struct {
	next *node
	body [48]byte
}

// TestAllocations builds lists, slices and maps and lets go of them.
func TestAllocations(t *testing.T) {
	measure(t, func() {
		var list *node
		var numbers []int
		names := map[int]string{}
		for i := range 4000 {
			list = &node{next: list}
			numbers = append(numbers, i)
			if i%4 == 0 {
				names[i] = fmt.Sprint("name ", i)
			}
		}
		if len(names) != len(numbers)/4 || list == nil {
			t.Fatal("too few")
		}
	})
}
