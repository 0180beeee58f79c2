// Probes of the heap profile: what is in it, what it costs, which object is of which stack.
#include <fmt/format.h>

#include <limits>
#include <string_view>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// Heap profiles hide the runtime's own frames at the leaf. They tell what the runtime allocates for itself
// (descriptors of goroutines and of waiting ones, which are handed on from one to the next) from what the
// program does, and a map's growth from its values. What it allocates on the system stack, where no other
// code runs, is not profiled. What is no longer in use is left out. Writers that ask for it by a method get
// profiles that are not compressed, since they travel over a socket, and of the heap only what changed since
// it was last asked for: of a thousand stacks few do from one snapshot to the next.
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
            .replacement = "\tvar locs []uint64\n"
                           "\tfor _, r := range goleakstressRecords(w, p) {\n"},
           {.anchor = "\t\t\tstk := r.Stack\n",
            .replacement = "\t\t\tstk := goleakstressExpanded(r.Stack)\n"},
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
      {.file = "runtime/pprof/proto.go",
       .substitutions = {
           {.anchor = R"((\tzw +)\*gzip\.Writer\n)", .replacement = "$1io.WriteCloser\n", .regex = true},
           {.anchor = "\tzw, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)\n",
            .replacement = "\tzw := goleakstressZip(w, gzip.BestSpeed)\n"}}});
  variant.patches.push_back(
      {.file = "runtime/mprof.go",
       .substitutions = {{.anchor = R"(\tnstk := callers\((\d), mp\.profStack\[)",
                          .replacement =
                              "\tif getg() != mp.curg || goleakstressHidden != nil && mp.curg.labels == "
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
	if tracefpunwindoff() || gp.m.hasCgoOnStack() {
		return callers(skip+1, stack)
	}
	return fpTracebackPartialExpand(skip, unsafe.Pointer(getfp()), stack)
}
)go"});
  variant.additions.push_back({"runtime/pprof/zz_goleakstress.go", R"go(package pprof

import (
	"compress/gzip"
	"internal/profilerecord"
	"io"
	"sync"
	"unsafe"
)

type goleakstressPlain struct{ io.Writer }

func (goleakstressPlain) Close() error { return nil }

// goleakstressZip compresses for all writers but those that do not want it.
func goleakstressZip(w io.Writer, level int) io.WriteCloser {
	if _, plain := w.(interface{ GoleakstressPlain() }); plain {
		return goleakstressPlain{w}
	}
	zw, _ := gzip.NewWriterLevel(w, level)
	return zw
}

// goleakstressTold is how many objects the one writer that asks for changes knows of by now, by bucket.
var goleakstressTold = map[*uintptr]int64{}

// goleakstressRecords are those of what is in use; for the writer that asks for changes those of what changed, with the difference
// as what is in use.
func goleakstressRecords(w io.Writer, p []profilerecord.MemProfileRecord) []profilerecord.MemProfileRecord {
	_, changes := w.(interface{ GoleakstressChanges() })
	kept := p[:0]
	for _, r := range p {
		if changes {
			bucket, now := unsafe.SliceData(r.Stack), r.InUseObjects()
			told := goleakstressTold[bucket]
			if now == told {
				continue
			}
			goleakstressTold[bucket] = now
			goleakstressTake(&r, told)
		}
		if r.InUseObjects() != 0 {
			kept = append(kept, r)
		}
	}
	return kept
}

const goleakstressMostExpanded = 1 << 14 // stacks

var (
	goleakstressMutex    sync.Mutex
	goleakstressOfBucket = map[*uintptr][]uintptr{}
)

// goleakstressExpanded is a stack of a heap profile with the calls that were inlined. The runtime keeps each in a bucket that it never
// frees, so that one place is always the same stack: of the thousand in every profile few are new.
func goleakstressExpanded(stack []uintptr) []uintptr {
	goleakstressMutex.Lock()
	defer goleakstressMutex.Unlock()
	expanded, known := goleakstressOfBucket[unsafe.SliceData(stack)]
	if known {
		return expanded
	}
	expanded = pprof_makeProfStack()
	expanded = append([]uintptr(nil), expanded[:expandInlinedFrames(expanded, stack)]...)
	if len(goleakstressOfBucket) < goleakstressMostExpanded {
		goleakstressOfBucket[unsafe.SliceData(stack)] = expanded
	}
	return expanded
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_heapprofile.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeHide runtime.goleakstressHide
var runtimeHide func()

var _ = live("heapprofile", func() { hideAllocations = runtimeHide })
)go"});
  // The objects of a bucket are all of one size.
  Variant old = variant;
  old.max_minor = 26;
  old.additions.push_back({"runtime/pprof/zz_goleakstress_take.go", R"go(package pprof

import "internal/profilerecord"

func goleakstressTake(r *profilerecord.MemProfileRecord, objects int64) {
	r.FreeObjects += objects
	r.FreeBytes += objects * (r.AllocBytes / max(r.AllocObjects, 1))
}
)go"});
  variant.min_minor = 27;
  variant.additions.push_back({"runtime/pprof/zz_goleakstress_take.go", R"go(package pprof

import "internal/profilerecord"

func goleakstressTake(r *profilerecord.MemProfileRecord, objects int64) { r.FreeObjects += objects }
)go"});
  probe.variants = {variant, old};
  return probe;
}

// A span keeps a list of what its objects carry, sorted by address, one record for each where every
// allocation is profiled, and looks through it from the start for each new one. Objects are handed out by
// address: the record before the last one that was looked for is remembered, and is nearly always where the
// next one goes. It cannot have been taken out: what is taken out was looked for first, and sweeping forgets
// it. Nor are lists looked through at each collection that hold nothing else than these records: only of
// others, as those of finalizers, there is something to mark.
Probe SpecialsProbe() {
  Probe probe;
  probe.name = "specials";
  probe.lost = "calls that allocate many small objects take twice as long";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/mheap.go",
       .substitutions = {
           {.anchor = R"((\tspecials +\*special +// linked list of special records sorted by offset\.\n))",
            .replacement = "$1\tgoleakstressBefore *special\n\tgoleakstressRoots bool\n",
            .regex = true},
           {.anchor = "\tspan.specials = nil\n",
            .replacement = "\tspan.specials = nil\n\tspan.goleakstressBefore = nil\n"
                           "\tspan.goleakstressRoots = false\n"},
           {.anchor = "func spanHasSpecials(s *mspan) {\n",
            .replacement = "func spanHasSpecials(s *mspan) {\n\ts.goleakstressRoots = true\n"},
           {.anchor =
                R"((\t\ts\.offset = \S+\n\t\ts\.next = \*iter\n\t\t\*iter = s\n)\t\tspanHasSpecials\(span\)\n)",
            .replacement = "$1\t\troots := span.goleakstressRoots || kind != _KindSpecialProfile\n"
                           "\t\tspanHasSpecials(span)\n\t\tspan.goleakstressRoots = roots\n",
            .regex = true},
           {.anchor = "\titer := &span.specials\n\tfound := false\n",
            .replacement =
                "\titer := &span.specials\n\tfound := false\n"
                "\tif before := span.goleakstressBefore; before != nil && uintptr(before.offset) < offset {\n"
                "\t\titer = &before.next\n\t} else {\n\t\tspan.goleakstressBefore = nil\n\t}\n"},
           {.anchor = "\t\t}\n\t\titer = &s.next\n\t}\n\treturn iter, found\n",
            .replacement = "\t\t}\n\t\titer = &s.next\n\t\tspan.goleakstressBefore = s\n\t}\n"
                           "\treturn iter, found\n"}}});
  variant.patches.push_back({.file = "runtime/mgcsweep.go",
                             .substitutions = {{.anchor = "\thadSpecials := s.specials != nil\n",
                                                .replacement = "\thadSpecials := s.specials != nil\n"
                                                               "\ts.goleakstressBefore = nil\n"}}});
  variant.patches.push_back(
      {.file = "runtime/mgcmark.go",
       .substitutions = {
           {.anchor = "\t\t\tfor sp := s.specials; sp != nil; sp = sp.next {\n",
            .replacement =
                "\t\t\tfor sp := s.specials; sp != nil && s.goleakstressRoots; sp = sp.next {\n"}}});
  variant.additions.push_back(LiveGlue("specials"));
  probe.variants = {variant};
  return probe;
}

// Objects of less than 16 bytes without pointers share a block, which counts for whoever began it and stays
// as long as any of them. Where every allocation is profiled each has a block of its own.
Probe TinyProbe() {
  Probe probe;
  probe.name = "tiny";
  probe.lost = "small objects without pointers are counted where others were allocated";
  const auto alone = [](std::string_view size, int count) {
    const std::string shares = fmt::format("off+{} <= maxTinySize && c.tiny != 0", size);
    return Substitution{.anchor = shares, .replacement = "MemProfileRate != 1 && " + shares, .count = count};
  };
  const auto variant = [&alone](int min_minor, int max_minor) {
    Variant made;
    made.patches.push_back({.file = "runtime/malloc.go", .substitutions = {alone("size", 1)}});
    made.additions.push_back(LiveGlue("tiny"));
    made.min_minor = min_minor;
    made.max_minor = max_minor;
    return made;
  };
  constexpr int kAny = std::numeric_limits<int>::max();
  constexpr char kGenerated[] = "runtime/malloc_generated.go";  // the same for each size, Go 1.26 on
  Variant newest = variant(27, kAny), of_1_26 = variant(26, 26);
  newest.patches.push_back({.file = kGenerated, .substitutions = {alone("size", 2)}});
  of_1_26.patches.push_back({.file = kGenerated, .substitutions = {alone("constsize", 15)}});
  probe.variants = {newest, of_1_26, variant(0, 25)};
  return probe;
}

// The runtime keeps for every object that the heap profile counts which stack allocated it. What a composite
// literal makes has no function that could take note of who made it. The anchors stay as they are; they show
// what is read below.
Probe AllocatedProbe() {
  Probe probe;
  probe.name = "allocated";
  probe.lost = "an HTTP transport is named by the line that used it first, not by the one that made it";
  constexpr char kRecord[] =
      "type specialprofile struct {\n\t_       sys.NotInHeap\n\tspecial special\n\tb       *bucket\n}\n";
  constexpr char kKept[] = "\ts.special.kind = _KindSpecialProfile\n\ts.b = b\n";
  Variant variant;
  variant.patches.push_back({.file = "runtime/mheap.go",
                             .substitutions = {{.anchor = kRecord, .replacement = kRecord},
                                               {.anchor = kKept, .replacement = kKept}}});
  variant.additions.push_back({"runtime/zz_goleakstress_allocated.go", R"go(package runtime

import "unsafe"

// goleakstressAllocated is the stack that allocated the object that p points into; nil: p points to none, or it was not
// profiled. Buckets of profiles are never freed.
//
//go:linkname goleakstressAllocated
var goleakstressAllocated = func(p unsafe.Pointer) (stack []uintptr) {
	span := spanOfHeap(uintptr(p))
	if span == nil {
		return nil
	}
	object := span.objIndex(uintptr(p))
	mp := acquirem()
	span.ensureSwept()
	lock(&span.speciallock)
	for s := span.specials; s != nil; s = s.next {
		// A header may lie between the begin of the object and where its record says it is.
		if s.kind == _KindSpecialProfile && span.objIndex(span.base()+uintptr(s.offset)) == object {
			stack = (*specialprofile)(unsafe.Pointer(s)).b.stk()
			break
		}
	}
	unlock(&span.speciallock)
	releasem(mp)
	return stack
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_allocated.go", R"go(package @PACKAGE@

import "unsafe"

//go:linkname runtimeAllocated runtime.goleakstressAllocated
var runtimeAllocated func(p unsafe.Pointer) []uintptr

var _ = live("allocated", func() { allocatedBy = runtimeAllocated })
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> HeapProfileProbes() {
  return {HeapProfileProbe(), SpecialsProbe(), TinyProbe(), AllocatedProbe()};
}

}  // namespace goleakstress::build
