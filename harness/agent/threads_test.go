package agent

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for begin := time.Now(); !condition(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatal(what)
		}
	}
}

func TestThreadsThatRunAreSeen(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	atRest := func() bool { run, known := threadsRun(); return !run && known }
	eventually(t, "a thread runs though nothing does", atRest)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
		}
	}()
	eventually(t, "no thread runs beside a busy one", func() bool { run, known := threadsRun(); return run && known })
	stop.Store(true)
	<-done
	eventually(t, "a thread runs after the busy one has ended", atRest)
}
