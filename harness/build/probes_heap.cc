// Probes of the heap: its dump, its collections, what its maps and slices hold.
#include <fmt/format.h>

#include <string_view>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

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
  const Addition glue = LiveGlue("heapdump");
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

// Maps that grow make themselves known; append grows large slices by a sixteenth rather than a quarter, and
// bytes.Buffer does as append does rather than double, so that what no object per element shows is seen in
// more and smaller steps.
Probe ContainersProbe() {
  Probe probe;
  probe.name = "containers";
  probe.lost = "maps and slices without an object per element show in coarse steps alone, as do their lines";
  const auto grew = [](std::string_view inserts) {
    return fmt::format(
        "\n\tif GoleakstressGrew != nil {{\n\t\tGoleakstressGrew(unsafe.Pointer(m), {})\n\t}}\n", inserts);
  };
  Variant variant;
  variant.min_minor = 24;
  variant.patches.push_back(
      {.file = "internal/runtime/maps/map.go",
       .substitutions = {
           {.anchor = R"((func \(m \*Map\) growToTable\(typ \*abi\.(?:Swiss)?MapType\)(?: \*table)? \{)\n)",
            .replacement = "$1" + grew("false"),
            .regex = true}}});
  variant.patches.push_back(
      {.file = "internal/runtime/maps/table.go",
       .substitutions = {
           {.anchor = R"((func \(t \*table\) rehash\(typ \*abi\.(?:Swiss)?MapType, m \*Map\) \{)\n)",
            .replacement = "$1" + grew("true"),
            .regex = true}}});
  variant.patches.push_back({.file = "runtime/slice.go",
                             .substitutions = {{.anchor = "newcap += (newcap + 3*threshold) >> 2",
                                                .replacement = "newcap += (newcap + 3*threshold) >> 4"}}});
  variant.patches.push_back(
      {.file = "bytes/buffer.go",
       .substitutions = {{.anchor = "\tif c < 2*cap(b) {\n",
                          .replacement = "\tgrown := 2 * cap(b)\n\tif cap(b) > 1024 {\n"
                                         "\t\tgrown = cap(b) + (cap(b)+3*256)>>4\n\t}\n"
                                         "\tif c < grown {\n"},
                         {.anchor = "\t\tc = 2 * cap(b)\n", .replacement = "\t\tc = grown\n"}}});
  variant.additions.push_back({"internal/runtime/maps/zz_goleakstress.go", R"go(package maps

import "unsafe"

// GoleakstressGrew is told of every map that gets larger tables. A full group becomes a table at any assignment, also to a key
// that is there; later on it is insertions alone that make tables larger.
var GoleakstressGrew func(m unsafe.Pointer, inserts bool)
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_containers.go", R"go(package runtime

import (
	"internal/runtime/maps"
	"unsafe"
)

//go:linkname goleakstressOnMapGrowth
var goleakstressOnMapGrowth = func(f func(m unsafe.Pointer, inserts bool)) { maps.GoleakstressGrew = f }

//go:linkname goleakstressMapEntries
var goleakstressMapEntries = func(m unsafe.Pointer) uint64 { return (*maps.Map)(m).Used() }

//go:linkname goleakstressInHeap
var goleakstressInHeap = func(p unsafe.Pointer) bool { return spanOfHeap(uintptr(p)) != nil }
)go"});
  variant.additions.push_back({"@AGENT@/zz_containers.go", R"go(package @PACKAGE@

import "unsafe"

//go:linkname runtimeOnMapGrowth runtime.goleakstressOnMapGrowth
var runtimeOnMapGrowth func(func(m unsafe.Pointer, inserts bool))

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

// What a sync.Pool keeps goes with the second collection after it was put there. The agent's take it at once,
// so that one does for two where no finalizer ran.
Probe PoolsProbe() {
  Probe probe;
  probe.name = "pools";
  probe.lost = "garbage is collected twice for each snapshot";
  constexpr char kAsItIs[] = "\tif poolcleanup != nil {\n\t\tpoolcleanup()\n";
  constexpr char kTwice[] = "\t\tif goleakstressPoolsTwice {\n\t\t\tpoolcleanup()\n\t\t}\n";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/mgc.go",
       .substitutions = {{.anchor = kAsItIs, .replacement = fmt::format("{}{}", kAsItIs, kTwice)}}});
  variant.additions.push_back({"runtime/zz_goleakstress_pools.go", R"go(package runtime

import _ "unsafe"

//go:linkname goleakstressPoolsTwice
var goleakstressPoolsTwice bool
)go"});
  variant.additions.push_back({"@AGENT@/zz_pools.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimePoolsTwice runtime.goleakstressPoolsTwice
var runtimePoolsTwice bool

var _ = live("pools", func() { poolsTwice = &runtimePoolsTwice })
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> HeapProbes() { return {HeapDumpProbe(), ContainersProbe(), PoolsProbe()}; }

}  // namespace goleakstress::build
