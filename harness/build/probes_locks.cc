// The probe of locks: who took the lock for which a goroutine waits.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// A function of package sync becomes what another one of its name, with notes around it, calls.
Substitution Wrapped(std::string_view receiver, std::string_view signature, std::string_view body) {
  return {.anchor = fmt::format("func ({}) {} {{\n", receiver, signature),
          .replacement = fmt::format("func ({0}) {1} {{\n{2}}}\n\nfunc ({0}) goleakstress{1} {{\n", receiver,
                                     signature, body)};
}

Substitution WrappedLock(std::string_view receiver, std::string_view function, std::string_view lock,
                         std::string_view took) {
  const std::string_view self = receiver.substr(0, receiver.find(' '));
  return Wrapped(receiver, fmt::format("{}()", function),
                 fmt::format("\tgoleakstressWaits({0})\n\t{1}.goleakstress{2}()\n\tgoleakstress{3}({0})\n",
                             lock, self, function, took));
}

Substitution WrappedTry(std::string_view receiver, std::string_view function, std::string_view lock,
                        std::string_view took) {
  const std::string_view self = receiver.substr(0, receiver.find(' '));
  return Wrapped(receiver, fmt::format("{}() bool", function),
                 fmt::format("\tgot := {1}.goleakstress{2}()\n\tif got {{\n\t\tgoleakstress{3}({0})\n\t}}\n"
                             "\treturn got\n",
                             lock, self, function, took));
}

constexpr char kSync[] = R"go(package sync

import _ "unsafe"

//go:noescape
//go:linkname goleakstressWaits runtime.goleakstressLockWaits
func goleakstressWaits(lock *Mutex)

//go:noescape
//go:linkname goleakstressTook runtime.goleakstressLockTook
func goleakstressTook(lock *Mutex)

//go:noescape
//go:linkname goleakstressReadTook runtime.goleakstressReadLockTook
func goleakstressReadTook(lock *Mutex)

//go:noescape
//go:linkname goleakstressGiven runtime.goleakstressLockGiven
func goleakstressGiven(lock *Mutex)

//go:noescape
//go:linkname goleakstressReadGiven runtime.goleakstressReadLockGiven
func goleakstressReadGiven(lock *Mutex)
)go";

// Tables that later locks overwrite, without order between processors: who is asked about is the last one,
// and an entry is believed only where it names its lock.
constexpr char kRuntime[] = R"go(package runtime

import "unsafe"

type goleakstressLockTaken struct {
	lock  uintptr
	taker uint64
	pcs   [4]uintptr
}

//go:linkname goleakstressTakenLocks
var goleakstressTakenLocks [4096]goleakstressLockTaken

//go:linkname goleakstressTakenReadLocks
var goleakstressTakenReadLocks [4096]goleakstressLockTaken

//go:linkname goleakstressLockWaiters
var goleakstressLockWaiters [4096]struct {
	lock   uintptr
	waiter uint64
}

//go:linkname goleakstressLockSlot
func goleakstressLockSlot(lock uintptr) uint64 { return uint64(lock) * 0x9e3779b97f4a7c15 >> 52 }

//go:linkname goleakstressLockWaits
func goleakstressLockWaits(lock unsafe.Pointer) {
	id := getg().goid
	w := &goleakstressLockWaiters[id&4095]
	w.lock, w.waiter = uintptr(lock), id
}

func goleakstressNoteTaken(t *goleakstressLockTaken, lock uintptr, fp uintptr) {
	id := getg().goid
	if w := &goleakstressLockWaiters[id&4095]; w.waiter == id {
		w.lock = 0
	}
	t.lock, t.taker = lock, id
	n := 0
	if tracefpunwindoff() || getg().m.hasCgoOnStack() { // C may keep no frame pointers
		n = callers(2, t.pcs[:])
	} else {
		n = fpTracebackPCs(unsafe.Pointer(fp), t.pcs[:])
	}
	for ; n < len(t.pcs); n++ {
		t.pcs[n] = 0
	}
}

//go:linkname goleakstressLockTook
//go:noinline
func goleakstressLockTook(lock unsafe.Pointer) {
	goleakstressNoteTaken(&goleakstressTakenLocks[goleakstressLockSlot(uintptr(lock))], uintptr(lock), getfp())
}

//go:linkname goleakstressReadLockTook
//go:noinline
func goleakstressReadLockTook(lock unsafe.Pointer) {
	goleakstressNoteTaken(&goleakstressTakenReadLocks[goleakstressLockSlot(uintptr(lock))], uintptr(lock), getfp())
}

//go:linkname goleakstressLockGiven
func goleakstressLockGiven(lock unsafe.Pointer) {
	if t := &goleakstressTakenLocks[goleakstressLockSlot(uintptr(lock))]; t.lock == uintptr(lock) {
		t.lock = 0
	}
}

//go:linkname goleakstressReadLockGiven
func goleakstressReadLockGiven(lock unsafe.Pointer) {
	t := &goleakstressTakenReadLocks[goleakstressLockSlot(uintptr(lock))]
	if t.lock == uintptr(lock) && t.taker == getg().goid {
		t.lock = 0
	}
}

//go:linkname goleakstressExpandInlined
func goleakstressExpandInlined(stack []uintptr) []uintptr { return runtime_expandFinalInlineFrame(stack) }
)go";

constexpr char kGlue[] = R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeTakenLocks runtime.goleakstressTakenLocks
var runtimeTakenLocks [lockSlots]takenLock

//go:linkname runtimeTakenReadLocks runtime.goleakstressTakenReadLocks
var runtimeTakenReadLocks [lockSlots]takenLock

//go:linkname runtimeLockWaiters runtime.goleakstressLockWaiters
var runtimeLockWaiters [lockSlots]lockWaiter

//go:linkname runtimeLockSlot runtime.goleakstressLockSlot
func runtimeLockSlot(lock uintptr) uint64

//go:linkname runtimeExpandInlined runtime.goleakstressExpandInlined
func runtimeExpandInlined(stack []uintptr) []uintptr

var _ = live("locks", func() {
	locks.taken, locks.read, locks.waiters = &runtimeTakenLocks, &runtimeTakenReadLocks, &runtimeLockWaiters
	locks.slot, locks.expand = runtimeLockSlot, runtimeExpandInlined
})
)go";

// What a reader or writer took last is known until it is given back; of a mutex, which whoever likes may
// unlock, until it is taken again: nobody waits for a free one.
Probe LocksProbe() {
  const std::string mutex = "m *Mutex";
  const std::string readers = "rw *RWMutex";
  Variant variant;
  variant.patches.push_back({.file = "sync/mutex.go",
                             .substitutions = {WrappedLock(mutex, "Lock", "m", "Took"),
                                               WrappedTry(mutex, "TryLock", "m", "Took")}});
  // What is kept of a RWMutex goes by the address of its first field. That is locked before the readers have
  // left.
  variant.patches.push_back(
      {.file = "sync/rwmutex.go",
       .substitutions = {{.anchor = "\trw.w.Lock()\n", .replacement = "\trw.w.goleakstressLock()\n"},
                         {.anchor = "rw.w.TryLock()", .replacement = "rw.w.goleakstressTryLock()"},
                         WrappedLock(readers, "RLock", "&rw.w", "ReadTook"),
                         WrappedTry(readers, "TryRLock", "&rw.w", "ReadTook"),
                         {.anchor = "func (rw *RWMutex) RUnlock() {\n",
                          .replacement = "func (rw *RWMutex) RUnlock() {\n\tgoleakstressReadGiven(&rw.w)\n"},
                         WrappedLock(readers, "Lock", "&rw.w", "Took"),
                         WrappedTry(readers, "TryLock", "&rw.w", "Took"),
                         {.anchor = "func (rw *RWMutex) Unlock() {\n",
                          .replacement = "func (rw *RWMutex) Unlock() {\n\tgoleakstressGiven(&rw.w)\n"}}});
  variant.additions.push_back({"sync/zz_goleakstress_locks.go", kSync});
  variant.additions.push_back({"runtime/zz_goleakstress_locks.go", kRuntime});
  variant.additions.push_back({"@AGENT@/zz_locks.go", kGlue});
  return {.name = "locks", .lost = "who took a lock that is waited for is not named", .variants = {variant}};
}

}  // namespace

std::vector<Probe> LockProbes() { return {LocksProbe()}; }

}  // namespace goleakstress::build
