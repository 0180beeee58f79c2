package agent

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Outcomes of a call, as agent.proto numbers them.
const (
	outcomeOK       = 0
	outcomeFailed   = 1
	outcomeSkipped  = 2
	outcomePanicked = 3
	outcomeExited   = 4
	outcomeHung     = 5
)

const (
	maxNotes    = 16
	maxNoteText = 4 << 10
	burstLimit  = 20e6 // settle between bursts for at most 20 ms
)

// worker is the goroutine that makes the calls. When a call does not come back, the harness abandons the worker with it and
// the next run gets a new one: what the call left blocked stays as it is, to be seen.
type worker struct {
	jobs      chan *run
	job       atomic.Pointer[run]
	goid      uint64
	abandoned atomic.Bool
}

func newWorker() *worker { return &worker{jobs: make(chan *run)} }

// run is one Run request in progress. Its results are guarded by mu; whoever sets done sends the reply.
type run struct {
	id     uint64
	inputs [][]any
	count  uint64
	burst  uint64
	budget int64

	mu        mutex
	done      bool
	durations []uint64
	outcomes  []byte
	deltas    []int64
	notes     []byte
	noted     int
	ended     bool
	panicText string // set by the testing package while a call unwinds
}

func startRun(id uint64, body []byte) error {
	r := &run{id: id}
	passes, realFor := false, int64(0)
	err := fields(body, func(field int, v uint64, p []byte) error {
		switch field {
		case 1:
			in, err := decodeInput(p)
			r.inputs = append(r.inputs, in)
			return err
		case 2:
			r.count = v
		case 3:
			r.burst = v
		case 5:
			r.budget = int64(v)
		case 6:
			passes = v != 0
		case 7:
			realFor = int64(v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	w := current.Load()
	if w == nil {
		return fmt.Errorf("no entry is ready")
	}
	if w.job.Load() != nil {
		return fmt.Errorf("calls are being made already")
	}
	if w.abandoned.Load() {
		w = newWorker()
		current.Store(w)
		go w.loop()
	}
	passDuring(passes, realFor)
	w.job.Store(r)
	w.jobs <- r
	return nil
}

func (w *worker) loop() {
	labelled("")
	if goroutineID != nil {
		w.goid = goroutineID()
	}
	for {
		select {
		case r := <-w.jobs:
			w.make(r)
			if w.abandoned.Load() {
				return
			}
		case <-finish:
			return
		}
	}
}

// make makes the calls of one run.
func (w *worker) make(r *run) {
	begin := realtime()
	for i := uint64(0); i < r.count; i++ {
		if r.budget > 0 && realtime()-begin > r.budget {
			break
		}
		var values []any
		if len(r.inputs) > 0 {
			values = private(r.inputs[i%uint64(len(r.inputs))])
		}
		if callBegins != nil {
			callBegins(i)
		}
		callsBegun.Add(1)
		before, start := runtime.NumGoroutine(), realtime()
		passing.begun.Store(start)
		outcome, text := w.call(values)
		took, delta := realtime()-start, runtime.NumGoroutine()-before
		if !r.record(w, i, outcome, text, took, int64(delta)) {
			return // abandoned meanwhile
		}
		if callEnds != nil {
			callEnds(i)
		}
		if r.ended {
			break
		}
		if r.burst > 0 && (i+1)%r.burst == 0 && i+1 < r.count {
			settleBy(realtime, burstLimit, 1) // nothing is read now
		}
	}
	w.job.Store(nil)
	r.reply()
}

// call makes one call and tells how it ended. A panic or Goexit of the call ends neither the worker nor the process:
// package testing sees to that for tests and fuzz targets, the others are called in a goroutine of their own.
func (w *worker) call(values []any) (outcome int, text string) {
	if wantKind == KindTest || wantKind == KindFuzz {
		return w.judge(entry(values))
	}
	returned := false
	over := make(chan struct{})
	go func() {
		defer close(over)
		labelled("")
		if goroutineID != nil {
			atomic.StoreUint64(&w.goid, goroutineID())
		}
		defer func() {
			if returned {
				return
			}
			switch p := recover(); {
			case exitCode.Load() >= 0:
				outcome, text = outcomeExited, fmt.Sprintf("os.Exit(%d)", exitCode.Swap(-1))
			case p != nil:
				outcome, text = outcomePanicked, fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())
			default:
				outcome, text = outcomeFailed, "runtime.Goexit"
			}
		}()
		failed, skipped, why := entry(values)
		returned = true
		outcome, text = w.judge(failed, skipped, why)
	}()
	<-over
	return outcome, text
}

func (w *worker) judge(failed, skipped bool, text string) (int, string) {
	panicText := w.takePanic()
	if code := exitCode.Swap(-1); code >= 0 {
		return outcomeExited, fmt.Sprintf("os.Exit(%d)", code)
	}
	switch {
	case failed && panicText != "":
		return outcomePanicked, panicText
	case failed:
		return outcomeFailed, text
	case skipped:
		return outcomeSkipped, ""
	}
	return outcomeOK, ""
}

// record notes one call. It says no when the run was ended by abandon in the meantime.
func (r *run) record(w *worker, index uint64, outcome int, text string, took, delta int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return false
	}
	r.add(index, outcome, text, took, delta)
	r.ended = r.ended || ended.Load()
	return true
}

func (r *run) add(index uint64, outcome int, text string, took, delta int64) {
	r.durations = append(r.durations, uint64(max(took, 0)))
	r.outcomes = append(r.outcomes, byte(outcome))
	r.deltas = append(r.deltas, delta)
	if outcome != outcomeOK && text != "" && r.noted < maxNotes {
		r.noted++
		note := appendUint(appendUint(nil, 1, index), 2, uint64(outcome))
		r.notes = appendBytes(r.notes, 4, appendString(note, 3, text[:min(len(text), maxNoteText)]))
	}
}

func (r *run) reply() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return
	}
	r.done = true
	b := appendPacked(nil, 1, r.durations, false)
	b = appendBytes(b, 2, r.outcomes)
	b = appendPacked(b, 3, r.deltas, true)
	b = append(b, r.notes...)
	send(r.id, bodyRunDone, appendUint(appendBool(b, 5, r.ended), 6, uint64(passing.total.Load())))
}

var callsBegun atomic.Uint64

// Call is the number of the call in progress, or of the last one.
func Call() uint64 { return callsBegun.Load() }

func callsMade() int {
	if w := current.Load(); w != nil {
		if r := w.job.Load(); r != nil {
			r.mu.Lock()
			defer r.mu.Unlock()
			return len(r.outcomes)
		}
	}
	return 0
}

// abandon gives up the call in progress, if there is one.
func abandon() {
	w := current.Load()
	if w == nil {
		return
	}
	r := w.job.Load()
	if r == nil {
		return
	}
	r.mu.Lock()
	if !r.done {
		w.abandoned.Store(true)
		gaveUp = true
		passing.settled = false // nothing woke it
		r.add(uint64(len(r.outcomes)), outcomeHung, "", 0, 0)
	}
	r.mu.Unlock()
	w.job.Store(nil)
	r.reply()
}

var (
	ended    atomic.Bool // the entry cannot be called again
	exitCode atomic.Int64
	ending   sync.Once
	gaveUp   bool // a call was abandoned; used by the control goroutine alone
)

func init() { exitCode.Store(-1) }

// endCalls lets the calling goroutine return, through the user's own teardown in a test binary. After an abandoned call that
// is not to be had: the goroutine that would return may be the one that hangs.
func endCalls() {
	if gaveUp {
		exitNow(0)
	}
	ending.Do(func() { close(finish) })
}

// Panicked is told by package testing that the call in progress panicked.
func Panicked(text string) {
	if w := current.Load(); w != nil {
		if r := w.job.Load(); r != nil {
			r.mu.Lock()
			r.panicText = text
			r.mu.Unlock()
		}
	}
}

func (w *worker) takePanic() string {
	r := w.job.Load()
	if r == nil {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	text := r.panicText
	r.panicText = ""
	return text
}

// runningTests holds how to end the tests that run, by goroutine.
type runningTests struct {
	mu      mutex
	failNow map[uint64]func()
}

var tests = runningTests{failNow: map[uint64]func(){}}

func (t *runningTests) of(goroutine uint64) func() {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failNow[goroutine]
}

// TestRuns is told by package testing that a test, or a part of one, runs in this goroutine until the returned function is
// called. An os.Exit of its own ends it by failNow, which does not return.
func TestRuns(failNow func()) (over func()) {
	if goroutineID == nil {
		return func() {}
	}
	id := goroutineID()
	tests.mu.Lock()
	tests.failNow[id] = failNow
	tests.mu.Unlock()
	return func() {
		tests.mu.Lock()
		delete(tests.failNow, id)
		tests.mu.Unlock()
	}
}

// beforeExit is called by os.Exit. In the goroutine that makes the call it ends the call; elsewhere the process does end,
// and the harness is told first.
func beforeExit(code int) {
	if !active || finished() {
		return
	}
	w := current.Load()
	if w == nil {
		return
	}
	if goroutineID != nil {
		id := goroutineID()
		if failNow := tests.of(id); failNow != nil {
			exitCode.Store(int64(code))
			failNow()
		}
		if wantKind == KindMain && id == atomic.LoadUint64(&w.goid) {
			exitCode.Store(int64(code))
			runtime.Goexit()
		}
	}
	if r := w.job.Load(); r != nil {
		r.mu.Lock()
		r.add(uint64(len(r.outcomes)), outcomeExited, fmt.Sprintf("os.Exit(%d)", code), 0, 0)
		r.ended = true
		r.mu.Unlock()
		r.reply()
	}
}

func finished() bool {
	select {
	case <-finish:
		return true
	default:
		return false
	}
}
