package agent

import (
	"fmt"
	"runtime"
)

const (
	lockSlots      = 4096 // as in the runtime's part of the probe
	mostLockFrames = 4    // likewise, calls that were inlined not counted
)

type takenLock struct {
	lock  uintptr
	taker uint64
	pcs   [mostLockFrames]uintptr // the innermost in package sync
}

type lockWaiter struct {
	lock   uintptr
	waiter uint64
}

// locks are the tables that the runtime keeps of who took which lock last; nil where the probe is not live. Others write to
// them meanwhile.
var locks struct {
	taken, read *[lockSlots]takenLock
	waiters     *[lockSlots]lockWaiter
	slot        func(lock uintptr) uint64
	expand      func(stack []uintptr) []uintptr // a last frame into the calls inlined there
}

// appendTakenLocks writes for each goroutine that waits for a lock who took that, in the manner of the runtime's traces:
//
//	lock of goroutine 12 taken by goroutine 10:
//	main.(*Table).Load(...)
//		/src/table.go:36
func appendTakenLocks(b []byte) []byte {
	if locks.waiters == nil {
		return b
	}
	for _, w := range locks.waiters {
		if w.lock == 0 {
			continue
		}
		taken := locks.taken[locks.slot(w.lock)]
		if taken.lock != w.lock { // nobody took it alone
			taken = locks.read[locks.slot(w.lock)]
		}
		if taken.lock != w.lock {
			continue
		}
		b = fmt.Appendf(b, "lock of goroutine %d taken by goroutine %d:\n", w.waiter, taken.taker)
		var stack []uintptr
		for _, pc := range taken.pcs {
			if pc != 0 {
				stack = append(stack, locks.expand([]uintptr{pc})...)
			}
		}
		eachFrame(stack, func(f runtime.Frame) { b = fmt.Appendf(b, "%s(...)\n\t%s:%d\n", f.Function, f.File, f.Line) })
		b = append(b, '\n')
	}
	return b
}
