package agent

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// A call that waits for timers alone need not take the time: when nothing in the process runs or could be woken from outside, the
// clock is moved to the next timer, where it would go by itself. What happens, happens in the same order, only sooner. The control
// goroutine sees to it while no request comes.
//
// All times are nanoseconds.
const (
	lookAfter    = int64(3e5)   // a call that takes as long in real time is looked at
	lookPause    = int64(2e5)   // between two looks...
	lookLonger   = int64(2e7)   // ...for so long after the last that moved the clock; then it is as often as the kernel's clock ticks
	restLimit    = int64(5e5)   // of looking whether anything runs
	exactPasses  = 500          // steps of one call that go to the next timer exactly
	fewPasses    = 20           // steps tell nothing of how long they take
	leastPass    = int64(1e6)   // later ones go on by at least so much: thousands of timers fire together
	mostPassed   = int64(120e9) // within one call; who waits longer may wait for ever
	settledRest  = int64(2e6)   // an answer over a connection within the process has come by then
	peerPatience = int64(50e6)  // of rest, before a goroutine that waits for a descriptor is taken to wait for its own process
	mostRecords  = 1000         // goroutines that are looked at
)

// network reports whether a goroutine waits for a descriptor, and how often one has become ready; where that is not known one does.
var network = func() (waits bool, readied uint64) { return true, 0 }

// passing is the control goroutine's own but for what the worker sets or reads.
var passing struct {
	begun atomic.Int64 // the call in progress, on the real clock; set by the worker
	total atomic.Int64 // by which the clock was moved, for the run in progress; read by the worker

	watched, wanted bool  // by the run in progress: only looked at, or moved...
	realFor         int64 // ...when a call has taken so much real time
	call            uint64
	moved           int64 // the clock, for this call...
	steps           int   // ...in so many steps
	spent           int64 // real time for these: where it is more, the clock goes faster by itself

	// When the process was first seen at rest, on the real clock; 0: not yet.
	sinceReady int64 // since a descriptor has become ready
	sinceMoved int64 // since the call began or the clock was moved, too
	// What was the last time that it was seen so.
	settled bool  // it had been at rest for settledRest
	next    int64 // the earliest timer; 0: there was none

	readied uint64 // descriptors, at the last look

	peers   bool   // no descriptor has become ready for long: what is waited for is the process's own
	outside bool   // what is waited for comes from outside
	known   uint64 // so many goroutines outside of Go wait for signals alone
}

// passDuring begins a run, whose calls take at least realFor of real time before the clock is moved.
func passDuring(wanted bool, realFor int64) {
	p := &passing
	p.realFor = realFor
	p.watched = clockJump != nil && nextTimer != nil && schedulerKnown
	p.wanted, p.call = wanted && p.watched, 0
	noteWoken() // the last call has returned
	p.total.Store(0)
	if p.watched {
		wakeAfter(lookAfter)
	}
}

// wakeAfter lets the control goroutine's read return when nothing has come for so long; 0: never.
func wakeAfter(ns int64) {
	patience := syscall.NsecToTimeval(ns / 1000 * 1000)
	if syscall.SetsockoptTimeval(channelFd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &patience) != nil {
		passing.watched, passing.wanted = false, false
	}
}

// isAsked reports whether a request has come.
func isAsked() bool {
	var b [1]byte
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(channelFd), uintptr(unsafe.Pointer(&b)), 1,
		syscall.MSG_PEEK|syscall.MSG_DONTWAIT, 0, 0)
	return errno != syscall.EAGAIN || n == 0
}

// lookAtCall is called when no request has come for a moment. Where a call was seen to wait, so will the next: they are looked
// at more often then.
func lookAtCall() {
	p := &passing
	for seen := realtime(); !isAsked(); {
		if w := current.Load(); !p.watched || w == nil || w.job.Load() == nil {
			wakeAfter(0)
			return
		}
		if call := Call(); call != p.call {
			noteWoken()
			p.call, p.moved, p.steps, p.spent = call, 0, 0, 0
		}
		waits := realtime()-p.begun.Load() >= lookAfter && p.moved < mostPassed && (p.steps < fewPasses || p.spent < p.moved)
		if waits && pass() {
			seen = realtime()
		} else if p.total.Load() == 0 || realtime()-seen > lookLonger {
			return
		} else {
			giveWay(lookPause)
		}
	}
}

// pass moves the clock to the next timer, if the call in progress waits for one.
func pass() bool {
	p := &passing
	begin := realtime()
	_, readied := network()
	if readied != p.readied {
		noteWoken()
		p.readied = readied
	}
	if !atRest() {
		return false
	}
	waits, readied := network()
	if readied != p.readied {
		return false
	}
	if p.sinceReady == 0 {
		p.sinceReady = begin
	}
	if p.sinceMoved == 0 {
		p.sinceMoved = begin
	}
	p.next = nextTimer()
	p.peers = p.peers || begin-p.sinceReady >= peerPatience
	if Call() != p.call {
		return false
	}
	p.settled = begin-p.sinceMoved >= settledRest
	if !p.wanted || p.next == 0 || begin-p.begun.Load() < p.realFor || waits && (p.outside || !p.peers) || hasChildren() {
		return false
	}
	step := max(p.next-clockNow(), 1)
	if p.steps++; p.steps > exactPasses {
		step = max(step, leastPass)
	}
	if p.moved+step > mostPassed {
		p.moved = mostPassed
		return false
	}
	clockJump(step)
	p.settled, p.sinceMoved = false, 0
	p.moved += step
	p.total.Add(step)
	p.spent += realtime() - begin
	return true
}

// noteWoken is called where something has happened since the process was last seen at rest. No timer was due since then: it was
// woken from outside.
func noteWoken() {
	p := &passing
	p.outside = p.outside || p.settled && (p.next == 0 || clockNow() < p.next)
	p.settled, p.sinceReady, p.sinceMoved = false, 0, 0
}

func hasChildren() bool {
	children := kindKnown("exec.process")
	return children != nil && children.total() > 0
}

// atRest reports whether nothing runs, nor is outside of Go, where it would be lost on us.
func atRest() bool {
	now, quiet := settleByCounters(realtime, restLimit, 1)
	if !quiet {
		return false
	}
	if now.outside != 0 && now.outside != passing.known && waitForSignals() {
		passing.known = now.outside
	}
	return now.outside == 0 || now.outside == passing.known
}

// waitForSignals reports whether no goroutine is in a system call or in C, but for the one that waits for signals.
func waitForSignals() bool {
	records := make([]runtime.StackRecord, mostRecords)
	n, all := runtime.GoroutineProfile(records)
	if !all {
		return false
	}
	return !slices.ContainsFunc(records[:n], func(record runtime.StackRecord) bool {
		return anyFrame(record.Stack(), leavesGo)
	})
}

// leavesGo reports whether the function makes a system call or calls C.
func leavesGo(frame runtime.Frame) bool {
	return slices.ContainsFunc(
		[]string{"syscall.Syscall", "syscall.RawSyscall", "syscall.wait4", "internal/runtime/syscall", "runtime.cgocall"},
		func(function string) bool { return strings.HasPrefix(frame.Function, function) })
}
