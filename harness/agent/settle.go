package agent

import (
	"math"
	"runtime"
	"runtime/metrics"
	"syscall"
	"time"
	"unsafe"
)

// Hooks into the patched runtime, set by the glue that comes with each probe; nil where the probe is not live.
var (
	clockJump   func(ns int64) // moves the clock forward
	clockReal   func() int64   // the clock that does not jump
	nextTimer   func() int64   // when the earliest timer fires on the jumped clock, 0: no timer
	clockNow    func() int64   // the jumped clock, of the same origin as nextTimer
	pollNetwork = func() {}    // makes those runnable whose descriptors are ready
	readChannel = syscall.Read // waits without keeping other goroutines from their processor...
	giveWay     = napFor       // ...as does this, for so many nanoseconds
	goroutineID func() uint64
	hidden      = new(bool) // whether the control goroutine counts as one of the runtime's own
	schedule    struct {
		seed, odds, lockOdds *uint64
		random               *bool
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

// processorTime is what all threads of the process have used together, in nanoseconds.
func processorTime() int64 {
	const clockOfProcess = 2 // CLOCK_PROCESS_CPUTIME_ID
	var used syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockOfProcess, uintptr(unsafe.Pointer(&used)), 0)
	return used.Nano()
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
	quietPolls = 4                     // equal readings in a row that count as quiet, where the threads cannot be looked at
	quietTime  = 5 * time.Millisecond  // without them: so long without a change of the goroutine count
	quietTail  = 50 * time.Millisecond // and for the long settles so long: work of 15 to 25 ms after a call is common
)

// settle waits until no goroutine runs but its caller, at most limit nanoseconds of real time.
func settle(limit int64) (quiet bool, waited int64) {
	begin := realtime()
	quiet = settleBy(realtime, limit, quietPolls)
	return quiet, realtime() - begin
}

// settleBy is settle with another clock for the limit, and so many equal readings that are enough where no other thread would run.
func settleBy(clock func() int64, limit int64, enough int) (quiet bool) {
	if schedulerKnown {
		_, quiet = settleByCounters(clock, limit, enough)
		return quiet
	}
	return settleByCount(clock, limit)
}

// settleByCounters also tells what the counters showed last.
func settleByCounters(clock func() int64, limit int64, enough int) (last scheduler, quiet bool) {
	begin := clock()
	samples := make([]metrics.Sample, len(schedulerNames))
	for i, n := range schedulerNames {
		samples[i].Name = n
	}
	runtime.Gosched() // due timers of this P run when it schedules, not before
	for equal := 0; ; {
		pollNetwork()
		now := readScheduler(samples)
		// Counters are per thread and read without stopping the world: only agreement over several polls counts, or over fewer
		// where no other thread would run. running is this goroutine; not-in-go has the control goroutine's blocking read when
		// a worker settles.
		rest := now.runnable == 0 && now.running <= 1 && !timerIsDue()
		if rest && now == last {
			equal++
		} else {
			equal = 0
		}
		sure := false
		if rest {
			run, known := threadsRun()
			if run {
				equal = 0
			}
			sure = known && !run
		}
		last = now
		if equal >= quietPolls || sure && equal >= enough {
			return last, true
		}
		if clock()-begin > limit {
			return last, false
		}
		if now.runnable > 0 {
			runtime.Gosched()
		}
		if !sure || enough == quietPolls {
			nap()
		}
	}
}

// timerIsDue reports whether a timer's time has come and no thread has found it yet.
func timerIsDue() bool {
	if nextTimer == nil {
		return false
	}
	when := nextTimer()
	return when != 0 && when <= clockNow()
}

// nap sleeps for a moment past the runtime: its own timers are rounded up to a millisecond when the process is idle, and
// yielding to it would wake another thread that looks for work, which counts as running.
func nap() { napFor(int64(pollPause)) }

func napFor(ns int64) {
	pause := syscall.NsecToTimespec(ns)
	syscall.Nanosleep(&pause, nil)
}

func settleByCount(clock func() int64, limit int64) bool {
	begin := clock()
	need := quietTime
	if limit > int64(2*quietTail) {
		need = quietTail
	}
	last, since := -1, realtime()
	for {
		pollNetwork()
		n, now := runtime.NumGoroutine(), realtime()
		if n != last {
			last, since = n, now
		} else if now-since >= int64(need) {
			return true
		}
		if clock()-begin > limit {
			return false
		}
		runtime.Gosched()
		nap()
	}
}

// A step waits for quiet until the process has used up so many nanoseconds of processor time: one that would run and is not let,
// on a busy machine, would have its time-outs before the answers. So long as all steps have not yet taken jumpPatience of real
// time, that is; then it is real time that counts for each, and no step is exact any more.
// Where goroutines poll every millisecond there is no quiet: each step that found none halves the time of the next.
const stepLimit, leastStepLimit = int64(2e6), int64(5e5)

var (
	jumpPatience = int64(2e9) // variable for tests, as is the wait after a step
	settleStep   = func(clock func() int64, limit int64) (quiet bool) { return settleBy(clock, limit, 1) }
)

// What a fine step may take of processor time, on average: where hundreds of goroutines poll each takes ten times that, and all of
// them would take a second of each jump. Once it is used up, steps are coarse.
const fineStepTime = int64(3e5)

// jumpSteps is how far the clock is moved, and in what steps (agent.proto, Jump); in nanoseconds.
type jumpSteps struct {
	total, least int64
	fine         int64 // so many steps are shorter than least where timers are: half of them exact, to the next one
}

// nextIsExact reports whether the next step may be an exact one: so many as have been made are no more than this part of the
// jump may have of half of them, or little more, since timers come in bursts.
func (s jumpSteps) nextIsExact(moved, made int64) bool {
	const burst = 0.25
	return float64(made) < float64(s.fine)/2*(burst+(1-burst)*float64(moved)/float64(s.total))
}

// stride is how far a step goes at least that is not exact: the other half of the fine steps is enough for the whole
// jump, so that slow tickers keep their ticks beside fast ones.
func (s jumpSteps) stride() int64 {
	if half := s.fine / 2; half > 0 {
		return min(s.least, s.total/half)
	}
	return s.least
}

// jump moves the clock in steps and lets the timers that fell due run after each. Where no timer is due within a step it goes
// on to the first that is. Exact steps keep the order of things: a ticker gets one tick a step, however many periods have passed,
// so that what is released bit by bit would seem to stay; and an answer that waits for a timer of 25 ms, as acknowledgements of
// QUIC do, would seem to come after the whole step.
func jump(steps jumpSteps) {
	if steps.least <= 0 {
		steps.least = steps.total
	}
	begin, used, exact, quiet := realtime(), processorTime(), int64(0), true
	leastLimit, fineTime := leastStepLimit, steps.fine*fineStepTime
	// Whoever asks for many fine steps has the time for them, and for a thousand timers that fire in one.
	patience, mostLimit := max(jumpPatience, fineTime*3/2), max(stepLimit, fineTime/200)
	limit := mostLimit
	if !schedulerKnown { // it is the looking for quiet that takes the time
		leastLimit, fineTime = stepLimit, math.MaxInt64
	}
	for moved := int64(0); moved < steps.total; {
		step, patient := steps.least, realtime()-begin < patience
		if nextTimer != nil {
			if ready := quiet && patient && processorTime()-used <= fineTime; ready && steps.nextIsExact(moved, exact) {
				exact++
				step = 1
			} else if ready {
				step = steps.stride()
			}
			if when := nextTimer(); when == 0 {
				step = steps.total
			} else {
				step = max(step, when-clockNow())
			}
		}
		step = min(step, steps.total-moved)
		moved += step
		clockJump(step)
		if patient {
			quiet = settleStep(processorTime, limit)
		} else {
			quiet = settleStep(realtime, limit)
		}
		if quiet {
			limit = mostLimit
		} else {
			limit = max(leastLimit, limit/2)
		}
	}
}

// collected reports whether all finalizers and cleanups of the last cycle have run; nil where that is not known.
var collected func() bool

// collectLimit is how long collect waits for them. One that never returns is waited for once.
var collectLimit = time.Second

// poolsTwice makes a collection take what every sync.Pool keeps, where the next one would; nil where the probe is not live.
var poolsTwice *bool

// collect runs the garbage collector, at most so many cycles; between them finalizers and cleanups run to their end. It may take them
// long: who closes a removed file last gives its blocks back to the disk. Another cycle is for what finalizers, cleanups and pools
// kept in this one.
func collect(cycles int) {
	for i := 0; i < cycles; i++ {
		before, known := finalizersQueued()
		if poolsTwice != nil {
			*poolsTwice = true
		}
		runtime.GC()
		if poolsTwice != nil {
			*poolsTwice = false
		}
		begin := realtime()
		for collected != nil && !collected() {
			if realtime()-begin > int64(collectLimit) {
				collectLimit = 0
				break
			}
			runtime.Gosched()
			nap()
		}
		settle(5e6)
		if after, _ := finalizersQueued(); known && poolsTwice != nil && after == before {
			return
		}
	}
}

// finalizersQueued is how many finalizers and cleanups were due since the process began (Go 1.26 and later).
func finalizersQueued() (n uint64, known bool) {
	samples := []metrics.Sample{{Name: "/gc/finalizers/queued:finalizers"}, {Name: "/gc/cleanups/queued:cleanups"}}
	metrics.Read(samples)
	for _, s := range samples {
		if s.Value.Kind() != metrics.KindUint64 {
			return 0, false
		}
		n += s.Value.Uint64()
	}
	return n, true
}

var (
	idleMu      mutex
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
