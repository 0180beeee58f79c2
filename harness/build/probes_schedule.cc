// The probe of the scheduler: which interleavings of goroutines are tried.
#include <fmt/format.h>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// The scheduler's random choices (a constant, true under -race only) become a switch, and channel operations
// and what package sync may wait in yield with settable odds: before a lock is taken, so that whoever holds
// another one is overtaken. Yields happen only where the runtime could have preempted the goroutine as well.
Probe ScheduleProbe() {
  Probe probe;
  probe.name = "schedule";
  probe.lost = "rare interleavings are not made common: leaks that need one may be missed";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/proc.go",
       .substitutions = {
           {.anchor = "const randomizeScheduler = raceenabled\n",
            .replacement = "//go:linkname randomizeScheduler\nvar randomizeScheduler = raceenabled\n"}}});
  const auto yields_first = [](const char* function) {
    return Substitution{.anchor = function,
                        .replacement = fmt::format("{}\tgoleakstressYield()\n", function)};
  };
  variant.patches.push_back(
      {.file = "runtime/chan.go",
       .substitutions = {
           yields_first("func chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n"),
           yields_first(
               "func chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {\n"),
           yields_first("func closechan(c *hchan) {\n")}});
  variant.patches.push_back(
      {.file = "runtime/select.go",
       .substitutions = {yields_first("func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, "
                                      "nrecvs int, block bool) (int, bool) {\n")}});
  variant.patches.push_back(
      {.file = "sync/mutex.go", .substitutions = {yields_first("func (m *Mutex) Lock() {\n")}});
  variant.patches.push_back({.file = "sync/rwmutex.go",
                             .substitutions = {yields_first("func (rw *RWMutex) RLock() {\n"),
                                               yields_first("func (rw *RWMutex) Lock() {\n")}});
  variant.patches.push_back(
      {.file = "sync/cond.go", .substitutions = {yields_first("func (c *Cond) Wait() {\n")}});
  variant.patches.push_back({.file = "sync/waitgroup.go",
                             .substitutions = {yields_first("func (wg *WaitGroup) Add(delta int) {\n"),
                                               yields_first("func (wg *WaitGroup) Wait() {\n")}});
  variant.additions.push_back({"sync/zz_goleakstress_schedule.go", R"go(package sync

import _ "unsafe"

//go:linkname goleakstressYield runtime.goleakstressYieldAtLock
func goleakstressYield()
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_schedule.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressYieldSeed
var goleakstressYieldSeed uint64

//go:linkname goleakstressYieldOdds
var goleakstressYieldOdds uint64 // one of so many channel operations yields; 0: none

//go:linkname goleakstressLockYieldOdds
var goleakstressLockYieldOdds uint64 // of what package sync may wait in

func goleakstressYield() {
	if odds := goleakstressYieldOdds; odds != 0 {
		goleakstressYieldOnceIn(odds)
	}
}

//go:linkname goleakstressYieldAtLock
func goleakstressYieldAtLock() {
	if odds := goleakstressLockYieldOdds; odds != 0 {
		goleakstressYieldOnceIn(odds)
	}
}

func goleakstressYieldOnceIn(odds uint64) {
	gp := getg()
	mp := gp.m
	if gp != mp.curg || mp.locks != 0 || mp.mallocing != 0 || mp.preemptoff != "" || gp.throwsplit {
		return
	}
	if mp.p.ptr().status != _Prunning { // this goroutine has stopped the world: Go 1.23 sends to the unique map's cleaner then
		return
	}
	x := goleakstressYieldSeed // racy on purpose: cheap
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	goleakstressYieldSeed = x
	if x%odds == 0 {
		Gosched()
	}
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_schedule.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeRandomize runtime.randomizeScheduler
var runtimeRandomize bool

//go:linkname runtimeYieldSeed runtime.goleakstressYieldSeed
var runtimeYieldSeed uint64

//go:linkname runtimeYieldOdds runtime.goleakstressYieldOdds
var runtimeYieldOdds uint64

//go:linkname runtimeLockYieldOdds runtime.goleakstressLockYieldOdds
var runtimeLockYieldOdds uint64

var _ = live("schedule", func() {
	schedule.random, schedule.seed = &runtimeRandomize, &runtimeYieldSeed
	schedule.odds, schedule.lockOdds = &runtimeYieldOdds, &runtimeLockYieldOdds
})
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> ScheduleProbes() { return {ScheduleProbe()}; }

}  // namespace goleakstress::build
