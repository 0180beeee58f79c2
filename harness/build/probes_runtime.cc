// Probes in package runtime (and os): the entry of main, the network poller, tracebacks.
#include <fmt/format.h>

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

// What is on its way between goroutines through the kernel is seen: a descriptor that is ready makes nobody
// runnable before some thread has polled it. The anchor stays as it is; it shows that the poller is called as
// below.
Probe NetpollProbe() {
  Probe probe;
  probe.name = "netpoll";
  probe.lost = "the target may count as quiet while an answer is on its way through a socket or a pipe";
  constexpr char kAsItIs[] =
      "\tif netpollinited() && netpollAnyWaiters() && sched.lastpoll.Load() != 0 {\n"
      "\t\tif list, delta := netpoll(0); !list.empty() {\n"
      "\t\t\tinjectglist(&list)\n"
      "\t\t\tnetpollAdjustWaiters(delta)\n";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/proc.go", .substitutions = {{.anchor = kAsItIs, .replacement = kAsItIs}}});
  constexpr char kReady[] = "func netpollready(toRun *gList, pd *pollDesc, mode int32) int32 {\n";
  variant.patches.push_back(
      {.file = "runtime/netpoll.go",
       .substitutions = {
           {.anchor = kReady, .replacement = fmt::format("{}\tgoleakstressReadied.Add(1)\n", kReady)}}});
  variant.additions.push_back({"runtime/zz_goleakstress_netpoll.go", R"go(package runtime

import (
	"internal/runtime/atomic"
	_ "unsafe"
)

var goleakstressReadied atomic.Uint64 // descriptors

//go:linkname goleakstressNetpoll
var goleakstressNetpoll = func() {
	if !netpollinited() {
		return
	}
	systemstack(func() {
		if list, delta := netpoll(0); !list.empty() {
			injectglist(&list)
			netpollAdjustWaiters(delta)
		}
	})
}

// goleakstressNetwork reports whether any goroutine waits for a descriptor, and how often one had become ready.
//
//go:linkname goleakstressNetwork
var goleakstressNetwork = func() (waits bool, readied uint64) {
	return netpollinited() && netpollAnyWaiters(), goleakstressReadied.Load()
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_netpoll.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeNetpoll runtime.goleakstressNetpoll
var runtimeNetpoll func()

//go:linkname runtimeNetwork runtime.goleakstressNetwork
var runtimeNetwork func() (waits bool, readied uint64)

var _ = live("netpoll", func() { pollNetwork, network = runtimeNetpoll, runtimeNetwork })
)go"});
  probe.variants = {variant};
  return probe;
}

// The agent waits for the harness in a system call that gives its processor away at once. In any other the
// processor stays with it until the monitor looks, which may sleep for 10 ms: so late would a batch of calls
// begin with GOMAXPROCS 1. The anchors stay as they are; they show that there are such calls.
Probe HandoffProbe() {
  Probe probe;
  probe.name = "handoff";
  probe.lost = "batches of calls begin up to 10 ms late where GOMAXPROCS is 1";
  constexpr char kSleep[] = "\tentersyscallblock()\n\tok := notetsleep_internal(n, ns)\n\texitsyscall()\n";
  constexpr char kRead[] = "func read(fd int32, p unsafe.Pointer, n int32) int32\n";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/lock_futex.go", .substitutions = {{.anchor = kSleep, .replacement = kSleep}}});
  variant.patches.push_back(
      {.file = "runtime/stubs2.go", .substitutions = {{.anchor = kRead, .replacement = kRead}}});
  variant.additions.push_back({"runtime/zz_goleakstress_handoff.go", R"go(package runtime

import "unsafe"

// goleakstressRead is read(2); below zero it is the error number.
//
//go:linkname goleakstressRead
var goleakstressRead = func(fd int32, b []byte) int32 {
	entersyscallblock()
	n := read(fd, unsafe.Pointer(unsafe.SliceData(b)), int32(len(b)))
	exitsyscall()
	return n
}

//go:linkname goleakstressNap
var goleakstressNap = func(microseconds uint32) {
	entersyscallblock()
	usleep(microseconds)
	exitsyscall()
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_handoff.go", R"go(package @PACKAGE@

import (
	"syscall"
	_ "unsafe"
)

//go:linkname runtimeRead runtime.goleakstressRead
var runtimeRead func(fd int32, b []byte) int32

//go:linkname runtimeNap runtime.goleakstressNap
var runtimeNap func(microseconds uint32)

var _ = live("handoff", func() {
	giveWay = func(ns int64) { runtimeNap(uint32(ns / 1000)) }
	readChannel = func(fd int, b []byte) (int, error) {
		n := runtimeRead(int32(fd), b)
		if n < 0 {
			return 0, syscall.Errno(-n)
		}
		return int(n), nil
	}
})
)go"});
  probe.variants = {variant};
  return probe;
}

// The runtime keeps return addresses of a goroutine's ancestors and prints the lines of these: of the
// statement after the call where no instruction of the call's own follows it, without the functions that end
// there where they were inlined. Every other traceback looks at the instruction before. It keeps 50 of them;
// as deep as any other stack they are to be (agent/stacks.go). Who acquires something in a goroutine of a
// package's own asks for them; and of each function that goroutines run the last one's are kept, for what it
// allocated when it has ended.
Probe AncestorsProbe() {
  Probe probe;
  probe.name = "ancestors";
  probe.lost =
      "whoever called the starter of a goroutine may be named at the statement after the call, and is not "
      "named for what a goroutine acquired that is gone";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/traceback.go",
       .substitutions = {
           {.anchor = "\t\t\tprintAncestorTracebackFuncInfo(f, pc)\n",
            .replacement = "\t\t\tprintAncestorTracebackFuncInfo(f, pc-1)\n"},
           {.anchor = "\ttracebackInnerFrames = 50\n", .replacement = "\ttracebackInnerFrames = 256\n"}}});
  constexpr char kKept[] = "type ancestorInfo struct {\n\tpcs  []uintptr ";  // as it stands: it is read below
  variant.patches.push_back(
      {.file = "runtime/runtime2.go", .substitutions = {{.anchor = kKept, .replacement = kKept}}});
  constexpr char kSaved[] = "\tnewg.ancestors = saveAncestors(callergp)\n";
  variant.patches.push_back(
      {.file = "runtime/proc.go",
       .substitutions = {
           {.anchor = kSaved,
            .replacement = fmt::format("{}\tgoleakstressNoteStart(fn.fn, newg.ancestors)\n", kSaved)},
           {.anchor = "\tvar pcs [tracebackInnerFrames]uintptr\n\tnpcs := gcallers(callergp, 0, pcs[:])\n"
                      "\tipcs := make([]uintptr, npcs)\n\tcopy(ipcs, pcs[:])\n",
            .replacement = "\tipcs := goleakstressStackOf(callergp)\n"}}});
  variant.additions.push_back({"runtime/zz_goleakstress_ancestors.go", R"go(package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// goleakstressKnown is a stack by its frame pointers and as the unwinder tells it, with the calls that were inlined.
type goleakstressKnown struct {
	returns, pcs []uintptr
}

var goleakstressKnowns [1024]atomic.Pointer[goleakstressKnown]

// goleakstressStackOf is the stack of a goroutine that starts another one. Most are started where others were, and the unwinder
// would be half of the cost of starting one.
func goleakstressStackOf(gp *g) []uintptr {
	var returns, pcs [tracebackInnerFrames]uintptr
	n, hash := 0, uint64(gp.startpc)
	fp := gp.sched.bp
	for n < len(returns) && fp >= gp.stack.lo && fp+16 <= gp.stack.hi {
		returns[n] = *(*uintptr)(unsafe.Pointer(fp + 8))
		hash = (hash ^ uint64(returns[n])) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
		n++
		next := *(*uintptr)(unsafe.Pointer(fp))
		if next <= fp {
			break
		}
		fp = next
	}
	whole := n > 0 && n < len(returns) && !tracefpunwindoff() && !gp.m.hasCgoOnStack()
	slot := &goleakstressKnowns[hash%uint64(len(goleakstressKnowns))]
	if known := slot.Load(); whole && known != nil && len(known.returns) == n {
		i := 0
		for i < n && known.returns[i] == returns[i] {
			i++
		}
		if i == n {
			return known.pcs
		}
	}
	stack := append([]uintptr(nil), pcs[:gcallers(gp, 0, pcs[:])]...)
	if whole {
		slot.Store(&goleakstressKnown{append([]uintptr(nil), returns[:n]...), stack})
	}
	return stack
}

// goleakstressStarters appends the stacks of the running goroutine's ancestors; each ends with goexit.
//
//go:linkname goleakstressStarters
var goleakstressStarters = func(stack []uintptr) []uintptr {
	gp := getg()
	if gp.ancestors == nil {
		return stack
	}
	for _, ancestor := range *gp.ancestors {
		stack = append(stack, ancestor.pcs...)
		if len(ancestor.pcs) == tracebackInnerFrames {
			stack = append(stack, abi.FuncPCABI0(goexit)+1)
		}
	}
	return stack
}

// goleakstressStart says who started a goroutine at this program counter last. Where two functions have one
// place, the later one has it.
type goleakstressStart struct {
	pc        uintptr
	ancestors *[]ancestorInfo
}

var goleakstressStarts [1024]goleakstressStart

func goleakstressNoteStart(pc uintptr, ancestors *[]ancestorInfo) {
	if ancestors != nil {
		goleakstressStarts[uint64(pc)*0x9e3779b97f4a7c15>>54] = goleakstressStart{pc, ancestors}
	}
}

// goleakstressLastStarts hands out the program counters and the stacks of the ancestors, the starter's first.
//
//go:linkname goleakstressLastStarts
var goleakstressLastStarts = func(each func(pc uintptr, stacks [][]uintptr)) {
	for _, start := range goleakstressStarts {
		if start.ancestors == nil {
			continue
		}
		var stacks [][]uintptr
		for _, ancestor := range *start.ancestors {
			stacks = append(stacks, ancestor.pcs)
		}
		each(start.pc, stacks)
	}
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_ancestors.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeStarters runtime.goleakstressStarters
var runtimeStarters func(stack []uintptr) []uintptr

//go:linkname runtimeLastStarts runtime.goleakstressLastStarts
var runtimeLastStarts func(each func(pc uintptr, stacks [][]uintptr))

var _ = live("ancestors", func() { starters, lastStarts = runtimeStarters, runtimeLastStarts })
)go"});
  probe.variants = {variant};
  return probe;
}

// Of goroutines that are alike in all but their number the traces of the youngest say what there is to say;
// ten thousand of them take seconds. The agent's own traces have no more of a kind, and of the others a line
// each.
Probe AlikeProbe() {
  Probe probe;
  probe.name = "alike";
  probe.lost = "where thousands of goroutines stay behind it takes seconds to say where they come from";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/traceback.go",
       .substitutions = {{.anchor = "\t\tif gp == me || gp == curgp ",
                          .replacement = "\t\tif gp == me || gp == curgp || goleakstressLeavesOut(gp) "}}});
  variant.patches.push_back({.file = "runtime/mprof.go",
                             .substitutions = {{.anchor = "\t\t\t\ttracebackothers(gp)\n",
                                                .replacement = "\t\t\t\tgoleakstressCountAlike(gp)\n"
                                                               "\t\t\t\ttracebackothers(gp)\n"}}});
  variant.additions.push_back({"runtime/zz_goleakstress_alike.go", R"go(package runtime

import "unsafe"

const goleakstressExamples = 32 // of goroutines that are alike

// goleakstressKind is a set of goroutines that wait in the same way at the same place and were started likewise.
type goleakstressKind struct {
	hash     uint64
	count    int
	examples [goleakstressExamples]uint64 // the youngest
}

// What was counted last, while the world stands still. Where it is full, more kinds are traced whole.
var goleakstressKinds [2048]goleakstressKind

// The goroutine whose traces are a sample, and whether these are being printed.
var goleakstressSampler *g
var goleakstressSampling bool

// goleakstressStack is Stack(buf, true) with the youngest of each kind alone. Of the others there is
//
//	goroutine 12 [like goroutine 345 in goroutine 6]:
//
// where 6 is the goroutine that started it.
//
//go:linkname goleakstressStack
var goleakstressStack = func(buf []byte) int {
	goleakstressSampler = getg()
	n := Stack(buf, true)
	goleakstressSampler, goleakstressSampling = nil, false
	return n
}

func goleakstressMix(h uint64, x uintptr) uint64 {
	h = (h ^ uint64(x)) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// goleakstressHash is never 0. The stack is read by its frame pointers, none of which is followed out of it.
func goleakstressHash(gp *g) uint64 {
	h := goleakstressMix(uint64(gp.waitreason), gp.gopc)
	h = goleakstressMix(h, gp.startpc)
	for fp := gp.sched.bp; fp >= gp.stack.lo && fp+16 <= gp.stack.hi && fp&7 == 0; {
		h = goleakstressMix(h, *(*uintptr)(unsafe.Pointer(fp + 8)))
		next := *(*uintptr)(unsafe.Pointer(fp))
		if next <= fp {
			break
		}
		fp = next
	}
	if gp.ancestors != nil {
		for _, ancestor := range *gp.ancestors {
			h = goleakstressMix(h, ancestor.gopc)
			for _, pc := range ancestor.pcs {
				h = goleakstressMix(h, pc)
			}
		}
	}
	return h | 1
}

// goleakstressKindOf is nil for what is traced whole: only a goroutine that waits is like others.
func goleakstressKindOf(gp *g) *goleakstressKind {
	if readgstatus(gp) != _Gwaiting || gp.sched.bp == 0 || isSystemGoroutine(gp, false) {
		return nil
	}
	h := goleakstressHash(gp)
	for i := uint64(0); i < 64; i++ {
		kind := &goleakstressKinds[(h>>40+i)%uint64(len(goleakstressKinds))]
		if kind.hash == 0 {
			kind.hash = h
		}
		if kind.hash == h {
			return kind
		}
	}
	return nil
}

func goleakstressCountAlike(me *g) {
	goleakstressSampling = me == goleakstressSampler
	if !goleakstressSampling {
		return
	}
	clear(goleakstressKinds[:])
	forEachGRace(func(gp *g) {
		kind := goleakstressKindOf(gp)
		if kind == nil {
			return
		}
		if kind.count < goleakstressExamples {
			kind.examples[kind.count] = gp.goid
			kind.count++
			return
		}
		oldest := 0
		for i, id := range kind.examples {
			if id < kind.examples[oldest] {
				oldest = i
			}
		}
		kind.examples[oldest] = max(kind.examples[oldest], gp.goid)
	})
}

func goleakstressLeavesOut(gp *g) bool {
	if !goleakstressSampling {
		return false
	}
	kind := goleakstressKindOf(gp)
	if kind == nil {
		return false
	}
	for _, id := range kind.examples[:kind.count] {
		if id == gp.goid {
			return false
		}
	}
	print("\ngoroutine ", gp.goid, " [like goroutine ", kind.examples[0], " in goroutine ", gp.parentGoid, "]:\n")
	return true
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_alike.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeStack runtime.goleakstressStack
var runtimeStack func(buf []byte) int

var _ = live("alike", func() { stackSample = runtimeStack })
)go"});
  probe.variants = {variant};
  return probe;
}

// A variable that is unset leaves a hole in the list of all, and setting it again appends: a test that sets
// one for its time, as testing's own Setenv does, would grow that list by a string with every call. Holes are
// filled.
Probe EnvironmentProbe() {
  Probe probe;
  probe.name = "environment";
  probe.lost =
      "an environment variable that is set and unset again grows a list of package syscall each time";
  Variant variant;
  variant.patches.push_back(
      {.file = "syscall/env_unix.go",
       .substitutions = {{.anchor = "\t\ti = len(envs)\n\t\tenvs = append(envs, kv)\n",
                          .replacement = "\t\tfor i = 0; i < len(envs) && envs[i] != \"\"; i++ {\n\t\t}\n"
                                         "\t\tif i < len(envs) {\n\t\t\tenvs[i] = kv\n\t\t} else {\n"
                                         "\t\t\tenvs = append(envs, kv)\n\t\t}\n"}}});
  variant.additions.push_back(LiveGlue("environment"));
  probe.variants = {variant};
  return probe;
}

// Tests that look for leaked goroutines by themselves (goleak and its like) would find ours in every call:
// while it waits for the harness it counts as one of the runtime's own. While it works it does not: who takes
// a profile is always in it.
Probe HiddenProbe() {
  Probe probe;
  probe.name = "hidden";
  probe.lost = "tests that look for leaked goroutines by themselves find the agent's and fail";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/traceback.go",
       .substitutions = {{.anchor = "\treturn stringslite.HasPrefix(funcname(f), \"runtime.\")\n",
                          .replacement =
                              "\tname := funcname(f)\n\treturn stringslite.HasPrefix(name, \"runtime.\") "
                              "|| goleakstressHides && name == \"@AGENT@.control\"\n"}}});
  variant.additions.push_back({"runtime/zz_goleakstress_hidden.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressHides
var goleakstressHides bool
)go"});
  variant.additions.push_back({"@AGENT@/zz_hidden.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeHides runtime.goleakstressHides
var runtimeHides bool

var _ = live("hidden", func() { hidden = &runtimeHides })
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> RuntimeProbes() {
  return {MainProbe(),      ClockProbe(), NetpollProbe(),     HandoffProbe(),
          AncestorsProbe(), AlikeProbe(), EnvironmentProbe(), HiddenProbe()};
}

}  // namespace goleakstress::build
