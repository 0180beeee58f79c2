// Probes in package runtime (and os): the entry of main, the clock, the scheduler, the heap dump, tracebacks.
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// The agent takes over where the runtime would call main.main, for programs that are no test binaries; it
// needs the id of the running goroutine to tell an os.Exit of the call from one elsewhere.
Probe MainProbe() {
  Probe probe;
  probe.name = "main";
  probe.lost =
      "a main cannot be called again and again; only tests, fuzz targets, examples and benchmarks run";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/proc.go",
       .substitutions = {
           {.anchor = "\tfn := main_main // make an indirect call, as the linker doesn't know the address of "
                      "the main package when laying down the runtime\n\tfn()\n",
            .replacement =
                "\tfn := main_main // make an indirect call, as the linker doesn't know the address "
                "of the main package when laying down the runtime\n"
                "\tif goleakstressMain != nil {\n\t\tgoleakstressMain(fn)\n\t} else {\n\t\tfn()\n\t}\n"}}});
  variant.patches.push_back(
      {.file = "os/proc.go",
       .substitutions = {{.anchor = "func Exit(code int) {\n",
                          .replacement = "func Exit(code int) {\n\tif goleakstressExit != nil "
                                         "{\n\t\tgoleakstressExit(code)\n\t}\n"}}});
  variant.additions.push_back({"os/zz_goleakstress.go", R"go(package os

import _ "unsafe"

//go:linkname goleakstressExit
var goleakstressExit func(int)
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_main.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressMain
var goleakstressMain func(main func())

//go:linkname goleakstressGoid
var goleakstressGoid = func() uint64 { return getg().goid }
)go"});
  variant.additions.push_back({"@AGENT@/zz_main.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeMain runtime.goleakstressMain
var runtimeMain func(main func())

//go:linkname runtimeGoid runtime.goleakstressGoid
var runtimeGoid func() uint64

//go:linkname osExit os.goleakstressExit
var osExit func(int)

var _ = live("main", func() {
	goroutineID = runtimeGoid
	connectors = append(connectors, func() { osExit = beforeExit })
})

// TakeMain makes the program's main an entry. Called by the file that the overlay adds to package main.
func TakeMain() {
	if !active {
		return
	}
	if listing {
		List([]Entry{{KindMain, "main"}})
	}
	runtimeMain = serveMain
}
)go"});
  probe.variants = {variant};
  return probe;
}

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

// goleakstressNextTimer is when the earliest timer of any P fires; 0 where no timer is pending.
//
//go:linkname goleakstressNextTimer
var goleakstressNextTimer = func() int64 {
	next := int64(0)
	lock(&allpLock)
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		if when := pp.timers.wakeTime(); when != 0 && (next == 0 || when < next) {
			next = when
		}
	}
	unlock(&allpLock)
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
  stub.patches.push_back(nanotime);
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

// The scheduler's random choices (a constant, true under -race only) become a switch, and channel operations
// yield with settable odds. Yields happen only where the runtime could have preempted the goroutine as well.
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
  variant.patches.push_back(
      {.file = "runtime/chan.go",
       .substitutions = {
           {.anchor = "func chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n",
            .replacement = "func chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool "
                           "{\n\tgoleakstressYield()\n"},
           {.anchor = "func chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) {\n",
            .replacement = "func chanrecv(c *hchan, ep unsafe.Pointer, block bool) (selected, received bool) "
                           "{\n\tgoleakstressYield()\n"},
           {.anchor = "func closechan(c *hchan) {\n",
            .replacement = "func closechan(c *hchan) {\n\tgoleakstressYield()\n"}}});
  variant.patches.push_back(
      {.file = "runtime/select.go",
       .substitutions = {{.anchor = "func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, nrecvs "
                                    "int, block bool) (int, bool) {\n",
                          .replacement = "func selectgo(cas0 *scase, order0 *uint16, pc0 *uintptr, nsends, "
                                         "nrecvs int, block bool) (int, bool) "
                                         "{\n\tgoleakstressYield()\n"}}});
  variant.additions.push_back({"runtime/zz_goleakstress_schedule.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressYieldSeed
var goleakstressYieldSeed uint64

//go:linkname goleakstressYieldOdds
var goleakstressYieldOdds uint64 // one of so many channel operations yields; 0: none

func goleakstressYield() {
	if goleakstressYieldOdds == 0 {
		return
	}
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
	if x%goleakstressYieldOdds == 0 {
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

var _ = live("schedule", func() {
	schedule.random, schedule.seed, schedule.odds = &runtimeRandomize, &runtimeYieldSeed, &runtimeYieldOdds
})
)go"});
  probe.variants = {variant};
  return probe;
}

// Go 1.26 and 1.27 throw in WriteHeapDump after a goroutine leak profile, and by a race with goroutines that
// leave a system call; all versions dump words past the last object of a span.
Probe HeapDumpProbe() {
  Probe probe;
  probe.name = "heapdump";
  probe.lost = "what keeps the memory alive is not named";
  const Substitution elements = {.anchor = R"(n := \(s\.npages << (gc\.PageShift|_PageShift)\) / size)",
                                 .replacement = "const _ = $1\n\t\tn := uintptr(s.nelems)",
                                 .regex = true};
  const Substitution leaked = {.anchor = "case _Grunnable,\n", .replacement = "case _Gleaked, _Grunnable,\n"};
  const Substitution fallthrough = {.anchor = R"((dumpgoroutine\(gp\))(\n\t+\})\n\t+fallthrough\n)",
                                    .replacement = "$1\n\t\t\t\treturn$2\n\t\t\tfallthrough\n",
                                    .regex = true};
  const Addition glue = {"@AGENT@/zz_heapdump.go",
                         "package @PACKAGE@\n\nvar _ = live(\"heapdump\", func() {})\n"};
  Variant newest;
  newest.patches.push_back({.file = "runtime/heapdump.go", .substitutions = {elements, leaked, fallthrough}});
  newest.additions = {glue};
  newest.min_minor = 26;
  Variant old;
  old.patches.push_back({.file = "runtime/heapdump.go", .substitutions = {elements}});
  old.additions = {glue};
  old.max_minor = 25;
  probe.variants = {newest, old};
  return probe;
}

// Heap profiles hide the runtime's own frames at the leaf. They tell what the runtime allocates for itself
// (descriptors of goroutines and of waiting ones, which are handed on from one to the next) from what the
// program does, and a map's growth from its values. What is no longer in use is left out, and profiles are
// left uncompressed: they travel over a socket.
Probe HeapProfileProbe() {
  Probe probe;
  probe.name = "heapprofile";
  probe.lost =
      "memory of the runtime itself is not told from the program's, nor containers from what they hold";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/pprof/protomem.go",
       .substitutions = {
           {.anchor = "\tvar locs []uint64\n\tfor _, r := range p {\n",
            .replacement = "\tvar locs []uint64\n\texpanded := pprof_makeProfStack()\n"
                           "\tfor _, r := range p {\n\t\tif r.InUseObjects() == 0 {\n"
                           "\t\t\tcontinue\n\t\t}\n"},
           {.anchor = "\t\t\tstk := r.Stack\n",
            .replacement = "\t\t\tstk := expanded[:expandInlinedFrames(expanded, r.Stack)]\n"},
           {.anchor = "\t\thideRuntime := true\n", .replacement = "\t\thideRuntime := false\n"}}});
  variant.patches.push_back(
      {.file = "runtime/pprof/pprof.go",
       .substitutions = {{.anchor = "\t\tfor _, pc := range stk {\n\t\t\tfmt.Fprintf(&buf, \" %#x\", pc)\n",
                          .replacement = "\t\tfor _, pc := range stk {\n"
                                         "\t\t\tif debug == 0 { // the key is not printed\n"
                                         "\t\t\t\tfor ; pc != 0; pc >>= 8 {\n"
                                         "\t\t\t\t\tbuf.WriteByte(byte(pc))\n\t\t\t\t}\n"
                                         "\t\t\t\tbuf.WriteByte(0)\n\t\t\t\tcontinue\n\t\t\t}\n"
                                         "\t\t\tfmt.Fprintf(&buf, \" %#x\", pc)\n"}}});
  variant.patches.push_back(
      {.file = "runtime/mprof.go",
       .substitutions = {{.anchor = R"(\tnstk := callers\((\d), mp\.profStack\[)",
                          .replacement =
                              "\tif goleakstressHidden != nil && mp.curg != nil && mp.curg.labels == "
                              "goleakstressHidden {\n\t\treturn\n\t}\n"
                              "\tnstk := goleakstressCallers($1, mp.profStack[",
                          .regex = true}}});
  variant.additions.push_back({"runtime/zz_goleakstress_heapprofile.go", R"go(package runtime

import "unsafe"

// goleakstressHidden are the labels of goroutines whose allocations are not profiled.
var goleakstressHidden unsafe.Pointer

//go:linkname goleakstressHide
var goleakstressHide = func() { goleakstressHidden = getg().labels }

// goleakstressCallers is callers by frame pointers, as the block and mutex profiles read stacks: where every
// allocation is profiled, the tables of the unwinder are most of the cost. Inlined calls are expanded when the profile is
// written.
//
//go:noinline
func goleakstressCallers(skip int, stack []uintptr) int {
	gp := getg()
	if tracefpunwindoff() || gp != gp.m.curg || gp.m.hasCgoOnStack() {
		return callers(skip+1, stack)
	}
	return fpTracebackPartialExpand(skip, unsafe.Pointer(getfp()), stack)
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_heapprofile.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeHide runtime.goleakstressHide
var runtimeHide func()

var _ = live("heapprofile", func() { hideAllocations = runtimeHide })
)go"});
  probe.variants = {variant};
  return probe;
}

// Maps that grow make themselves known; append grows large slices by a sixteenth rather than a quarter, so
// that what no object per element shows is seen in more and smaller steps.
Probe ContainersProbe() {
  Probe probe;
  probe.name = "containers";
  probe.lost = "maps and slices without an object per element show in coarse steps alone, as do their lines";
  const std::string grew = "\n\tif GoleakstressGrew != nil {\n\t\tGoleakstressGrew(unsafe.Pointer(m))\n\t}\n";
  Variant variant;
  variant.min_minor = 24;
  variant.patches.push_back(
      {.file = "internal/runtime/maps/map.go",
       .substitutions = {
           {.anchor = R"((func \(m \*Map\) growToTable\(typ \*abi\.(?:Swiss)?MapType\)(?: \*table)? \{)\n)",
            .replacement = "$1" + grew,
            .regex = true}}});
  variant.patches.push_back(
      {.file = "internal/runtime/maps/table.go",
       .substitutions = {
           {.anchor = R"((func \(t \*table\) rehash\(typ \*abi\.(?:Swiss)?MapType, m \*Map\) \{)\n)",
            .replacement = "$1" + grew,
            .regex = true}}});
  variant.patches.push_back({.file = "runtime/slice.go",
                             .substitutions = {{.anchor = "newcap += (newcap + 3*threshold) >> 2",
                                                .replacement = "newcap += (newcap + 3*threshold) >> 4"}}});
  variant.additions.push_back({"internal/runtime/maps/zz_goleakstress.go", R"go(package maps

import "unsafe"

// GoleakstressGrew is told of every map that gets larger tables.
var GoleakstressGrew func(m unsafe.Pointer)
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_containers.go", R"go(package runtime

import (
	"internal/runtime/maps"
	"unsafe"
)

//go:linkname goleakstressOnMapGrowth
var goleakstressOnMapGrowth = func(f func(m unsafe.Pointer)) { maps.GoleakstressGrew = f }

//go:linkname goleakstressMapEntries
var goleakstressMapEntries = func(m unsafe.Pointer) uint64 { return (*maps.Map)(m).Used() }

//go:linkname goleakstressInHeap
var goleakstressInHeap = func(p unsafe.Pointer) bool { return spanOfHeap(uintptr(p)) != nil }
)go"});
  variant.additions.push_back({"@AGENT@/zz_containers.go", R"go(package @PACKAGE@

import "unsafe"

//go:linkname runtimeOnMapGrowth runtime.goleakstressOnMapGrowth
var runtimeOnMapGrowth func(func(m unsafe.Pointer))

//go:linkname runtimeMapEntries runtime.goleakstressMapEntries
var runtimeMapEntries func(m unsafe.Pointer) uint64

//go:linkname runtimeInHeap runtime.goleakstressInHeap
var runtimeInHeap func(p unsafe.Pointer) bool

var _ = live("containers", func() {
	mapEntries, inHeap = runtimeMapEntries, runtimeInHeap
	connectors = append(connectors, func() { runtimeOnMapGrowth(mapGrew) })
})
)go"});
  probe.variants = {variant};
  return probe;
}

// The runtime keeps return addresses of a goroutine's ancestors and prints the lines of these: of the
// statement after the call where no instruction of the call's own follows it, without the functions that end
// there where they were inlined. Every other traceback looks at the instruction before.
Probe AncestorsProbe() {
  Probe probe;
  probe.name = "ancestors";
  probe.lost = "whoever called the starter of a goroutine may be named at the statement after the call";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/traceback.go",
       .substitutions = {{.anchor = "\t\t\tprintAncestorTracebackFuncInfo(f, pc)\n",
                          .replacement = "\t\t\tprintAncestorTracebackFuncInfo(f, pc-1)\n"}}});
  variant.additions.push_back(
      {"@AGENT@/zz_ancestors.go", "package @PACKAGE@\n\nvar _ = live(\"ancestors\", func() {})\n"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> RuntimeProbes() {
  return {MainProbe(),        ClockProbe(),      ScheduleProbe(), HeapDumpProbe(),
          HeapProfileProbe(), ContainersProbe(), AncestorsProbe()};
}

}  // namespace goleakstress::build
