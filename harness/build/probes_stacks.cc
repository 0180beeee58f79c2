// Probes of goroutines' stacks: who started whom, and what many have in common.
#include <fmt/format.h>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

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

var _ = live("alike", func() { allStacks = runtimeStack })
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> StackProbes() { return {AncestorsProbe(), AlikeProbe()}; }

}  // namespace goleakstress::build
