package agent

import (
	"runtime"
	"strings"
	"testing"
)

func TestTakenLocksAreToldOfThoseThatWait(t *testing.T) {
	defer func() { locks.waiters = nil }()
	locks.taken, locks.read, locks.waiters = new([lockSlots]takenLock), new([lockSlots]takenLock), new([lockSlots]lockWaiter)
	locks.slot = func(lock uintptr) uint64 { return uint64(lock) % lockSlots }
	locks.expand = func(stack []uintptr) []uintptr { return stack }
	here := takenLock{taker: 10}
	runtime.Callers(1, here.pcs[:1])

	put := func(table *[lockSlots]takenLock, lock uintptr) {
		here.lock = lock
		table[lock%lockSlots] = here
	}
	put(locks.taken, 1)
	put(locks.read, 2)
	put(locks.taken, 3+lockSlots) // another lock took the place
	locks.waiters[0] = lockWaiter{lock: 1, waiter: 12}
	locks.waiters[1] = lockWaiter{lock: 2, waiter: 13}
	locks.waiters[2] = lockWaiter{lock: 3, waiter: 14}
	locks.waiters[3] = lockWaiter{lock: 0, waiter: 15}

	text := string(appendTakenLocks(nil))
	for _, want := range []string{"lock of goroutine 12 taken by goroutine 10:\n", "lock of goroutine 13 taken by goroutine 10:\n",
		"TestTakenLocksAreToldOfThoseThatWait(...)\n\t", "locks_test.go:15\n\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "goroutine 14") || strings.Contains(text, "goroutine 15") {
		t.Errorf("more is told than is known:\n%s", text)
	}
}
