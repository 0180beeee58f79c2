// The probe of the clock.
#include "harness/build/probes.h"

namespace goleakstress::build {

// The clock of the target can be moved forward. netpollBreak: a thread may sleep in epoll until a time that
// was computed before the jump; a new timer does not wake it. Where time.now is assembly its symbol is
// renamed and a Go function of the same name adds the offset.
Probe ClockProbe() {
  Probe probe;
  probe.name = "clock";
  probe.lost = "the target's clock cannot be moved: every wait is real, holds are short";
  Variant assembly;
  const Patch nanotime = {
      .file = "runtime/time_nofake.go",
      .substitutions = {
          {.anchor = "\treturn nanotime1()\n", .replacement = "\treturn nanotime1() + goleakstressOffset\n"},
          {.anchor = "var faketime int64\n",
           .replacement = "var faketime int64\n\nvar goleakstressOffset int64\n"}}};
  assembly.patches.push_back(nanotime);
  assembly.patches.push_back(
      {.file = "runtime/time_linux_amd64.s",
       .substitutions = {{.anchor = "TEXT time·now<ABIInternal>(SB)",
                          .replacement = "TEXT runtime·goleakstressTimeNow<ABIInternal>(SB)"}}});
  assembly.patches.push_back(
      {.file = "runtime/timeasm.go",
       .substitutions = {
           {.anchor = "//go:linkname time_now time.now\nfunc time_now() (sec int64, nsec int32, mono int64)",
            .replacement = R"go(func goleakstressTimeNow() (sec int64, nsec int32, mono int64)

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	sec, nsec, mono = goleakstressTimeNow()
	offset := goleakstressOffset
	n := int64(nsec) + offset%1000000000
	sec += offset / 1000000000
	if n >= 1000000000 {
		n -= 1000000000
		sec++
	}
	return sec, int32(n), mono + offset
}
)go"}}});
  // As they stand: they show that the second timer is found as below.
  const Patch heap_of_timers = {
      .file = "runtime/time.go",
      .substitutions = {{.anchor = "\theap []timerWhen\n", .replacement = "\theap []timerWhen\n"},
                        {.anchor = "const timerHeapN = 4\n", .replacement = "const timerHeapN = 4\n"}}};
  const Patch scavenger = {.file = "runtime/mgcscavenge.go",
                           .substitutions = {{.anchor = "var scavenger scavengerState\n",
                                              .replacement = "var scavenger scavengerState\n"}}};
  assembly.patches.push_back(heap_of_timers);
  assembly.patches.push_back(scavenger);
  const Addition runtime_clock = {"runtime/zz_goleakstress_clock.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressJump
var goleakstressJump = func(ns int64) {
	goleakstressOffset += ns
	if netpollinited() {
		netpollBreak() // a thread may sleep in epoll until a time that has now passed
	}
}

//go:linkname goleakstressReal
var goleakstressReal = func() int64 { return nanotime1() }

//go:linkname goleakstressNow
var goleakstressNow = func() int64 { return nanotime() }

// goleakstressNextTimer is when the earliest timer of any P fires; 0 where no timer is pending. The scavenger's own does not
// count: after a collection it sleeps and works in turns of milliseconds, for hours of a clock that is moved.
//
//go:linkname goleakstressNextTimer
var goleakstressNextTimer = func() int64 {
	next := int64(0)
	lock(&allpLock)
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		if when := goleakstressEarliest(&pp.timers); when != 0 && (next == 0 || when < next) {
			next = when
		}
	}
	unlock(&allpLock)
	return next
}

// goleakstressEarliest is wakeTime without the scavenger: the second in a heap is one of the first one's children.
func goleakstressEarliest(ts *timers) int64 {
	if ts.wakeTime() == 0 {
		return 0
	}
	next := int64(0)
	ts.lock()
	for _, tw := range ts.heap[:min(len(ts.heap), 1+timerHeapN)] {
		if tw.timer != scavenger.timer && (next == 0 || tw.when < next) {
			next = tw.when
		}
	}
	if when := ts.minWhenModified.Load(); when != 0 && (next == 0 || when < next) {
		next = when
	}
	ts.unlock()
	return next
}
)go"};
  const Addition glue = {"@AGENT@/zz_clock.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeJump runtime.goleakstressJump
var runtimeJump func(int64)

//go:linkname runtimeReal runtime.goleakstressReal
var runtimeReal func() int64

//go:linkname runtimeNow runtime.goleakstressNow
var runtimeNow func() int64

//go:linkname runtimeNextTimer runtime.goleakstressNextTimer
var runtimeNextTimer func() int64

var _ = live("clock", func() {
	clockJump, clockReal, clockNow, nextTimer = runtimeJump, runtimeReal, runtimeNow, runtimeNextTimer
})
)go"};
  assembly.additions = {runtime_clock, glue};

  // Where time.now is Go (timestub.go) it goes through walltime and nanotime.
  Variant stub;
  stub.patches = {nanotime, heap_of_timers, scavenger};
  stub.patches.push_back({.file = "runtime/timestub.go",
                          .substitutions = {{.anchor = "\tsec, nsec = walltime()\n",
                                             .replacement = R"go(	sec, nsec = walltime()
	n := int64(nsec) + goleakstressOffset%1000000000
	sec += goleakstressOffset / 1000000000
	if n >= 1000000000 {
		n -= 1000000000
		sec++
	}
	nsec = int32(n)
)go"}}});
  stub.additions = {runtime_clock, glue};
  assembly.arch = "amd64";
  probe.variants = {assembly, stub};
  return probe;
}

}  // namespace goleakstress::build
