package agent

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"
)

// Hooks into the patched runtime, set by the glue that comes with each probe; nil where the probe is not live.
var (
	clockJump   func(ns int64) // moves the clock forward
	clockReal   func() int64   // the clock that does not jump
	nextTimer   func() int64   // when the earliest timer fires on the jumped clock, 0: no timer
	clockNow    func() int64   // the jumped clock, of the same origin as nextTimer
	goroutineID func() uint64
	schedule    struct {
		seed, odds *uint64
		random     *bool
	}

	liveProbes []string
)

// live is how a probe's glue makes itself known, before any init function runs.
func live(probe string, connect func()) bool {
	connect()
	liveProbes = append(liveProbes, probe)
	return true
}

var processStart = time.Now()

// realtime is a clock in nanoseconds that our jumps do not move.
func realtime() int64 {
	if clockReal != nil {
		return clockReal()
	}
	return int64(time.Since(processStart))
}

// scheduler reads the counters by which the runtime shows that nothing runs (Go 1.26 and later).
type scheduler struct {
	created, runnable, running, outside uint64
}

var (
	schedulerNames = []string{
		"/sched/goroutines-created:goroutines",
		"/sched/goroutines/runnable:goroutines",
		"/sched/goroutines/running:goroutines",
		"/sched/goroutines/not-in-go:goroutines",
	}
	schedulerKnown = func() bool {
		known := 0
		for _, d := range metrics.All() {
			for _, n := range schedulerNames {
				if d.Name == n {
					known++
				}
			}
		}
		return known == len(schedulerNames)
	}()
)

func readScheduler(samples []metrics.Sample) scheduler {
	metrics.Read(samples)
	return scheduler{samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64(), samples[3].Value.Uint64()}
}

const (
	pollPause  = 50 * time.Microsecond
	quietPolls = 4                     // equal readings in a row that count as quiet, where the scheduler's counters exist
	quietTime  = 5 * time.Millisecond  // without them: so long without a change of the goroutine count
	quietTail  = 50 * time.Millisecond // and for the long settles so long: work of 15 to 25 ms after a call is common
)

// settle waits until no goroutine runs but its caller, at most limit nanoseconds of real time.
func settle(limit int64) (quiet bool, waited int64) {
	begin := realtime()
	if schedulerKnown {
		quiet = settleByCounters(begin, limit)
	} else {
		quiet = settleByCount(begin, limit)
	}
	return quiet, realtime() - begin
}

func settleByCounters(begin, limit int64) bool {
	samples := make([]metrics.Sample, len(schedulerNames))
	for i, n := range schedulerNames {
		samples[i].Name = n
	}
	var last scheduler
	runtime.Gosched() // due timers of this P run when it schedules, not before
	for equal := 0; ; {
		now := readScheduler(samples)
		// Counters are per thread and read without stopping the world: only agreement over several polls counts. running is
		// this goroutine; not-in-go has the control goroutine's blocking read when a worker settles.
		if now.runnable == 0 && now.running <= 1 && now == last {
			if equal++; equal >= quietPolls {
				return true
			}
		} else {
			equal = 0
		}
		last = now
		if realtime()-begin > limit {
			return false
		}
		if now.runnable > 0 {
			runtime.Gosched()
		}
		nap()
	}
}

// nap sleeps for a moment past the runtime: its own timers are rounded up to a millisecond when the process is idle, and
// yielding to it would wake another thread that looks for work, which counts as running.
func nap() {
	pause := syscall.NsecToTimespec(int64(pollPause))
	syscall.Nanosleep(&pause, nil)
}

func settleByCount(begin, limit int64) bool {
	need := quietTime
	if limit > int64(2*quietTail) {
		need = quietTail
	}
	last, since := -1, begin
	for {
		n, now := runtime.NumGoroutine(), realtime()
		if n != last {
			last, since = n, now
		} else if now-since >= int64(need) {
			return true
		}
		if now-begin > limit {
			return false
		}
		runtime.Gosched()
		nap()
	}
}

// jump moves the clock in steps and lets the timers that fell due run after each. Where no timer is due within a step it goes
// on to the first that is.
func jump(total, step int64) {
	if step <= 0 {
		step = total
	}
	for total > 0 {
		d := min(total, step)
		if nextTimer != nil {
			if when := nextTimer(); when == 0 {
				d = total
			} else {
				d = min(total, max(d, when-clockNow()))
			}
		}
		total -= d
		clockJump(d)
		settle(2e6)
	}
}

// collect runs the garbage collector; between cycles finalizers and cleanups get time to run.
func collect(cycles int) {
	for i := 0; i < cycles; i++ {
		runtime.GC()
		settle(5e6)
	}
}

var (
	idleMu      sync.Mutex
	idleClosers []func()
)

// OnCloseIdle registers a function that closes idle connections kept by a package of the standard library.
func OnCloseIdle(f func()) {
	idleMu.Lock()
	defer idleMu.Unlock()
	idleClosers = append(idleClosers, f)
}

func closeIdleConnections() {
	idleMu.Lock()
	defer idleMu.Unlock()
	for _, f := range idleClosers {
		f()
	}
}
