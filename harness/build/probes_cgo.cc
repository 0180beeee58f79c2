// Probe of memory that C allocates in calls from Go.
#include <string>

#include "harness/build/cgo_hooks.h"
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

constexpr char kImports[] = R"go(package cgo

import _ "unsafe"

//go:cgo_import_static x_cgo_goleakstress_enable
//go:linkname x_cgo_goleakstress_enable x_cgo_goleakstress_enable
//go:linkname _cgo_goleakstress_enable _cgo_goleakstress_enable
var x_cgo_goleakstress_enable byte
var _cgo_goleakstress_enable = &x_cgo_goleakstress_enable

//go:cgo_import_static x_cgo_goleakstress_call
//go:linkname x_cgo_goleakstress_call x_cgo_goleakstress_call
//go:linkname _cgo_goleakstress_call _cgo_goleakstress_call
var x_cgo_goleakstress_call byte
var _cgo_goleakstress_call = &x_cgo_goleakstress_call
)go";

constexpr char kRuntime[] = R"go(package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// Filled in by runtime/cgo where that is linked.
//
//go:linkname _cgo_goleakstress_enable _cgo_goleakstress_enable
//go:linkname _cgo_goleakstress_call _cgo_goleakstress_call
var (
	_cgo_goleakstress_enable unsafe.Pointer
	_cgo_goleakstress_call   unsafe.Pointer
)

// goleakstressCSite is struct site in runtime/cgo.
type goleakstressCSite struct {
	stack         uint64
	blocks, bytes int64
	named         uint64
}

// goleakstressC is struct answer there; no sites: nothing is counted.
var goleakstressC struct {
	sites              unsafe.Pointer
	siteCount          uint64
	unnamed, uncounted *int64
}

// goleakstressCNamed is told of a stack of a call that allocated, while that stack runs.
var goleakstressCNamed func(site int)

// goleakstressCEnable begins to count. It reports whether the program has C, and whether its memory is counted.
//
//go:linkname goleakstressCEnable
var goleakstressCEnable = func(named func(site int)) (has, counted bool) {
	if _cgo_goleakstress_enable == nil {
		return false, false
	}
	goleakstressCNamed = named
	asmcgocall(_cgo_goleakstress_enable, unsafe.Pointer(&goleakstressC))
	return true, goleakstressC.sites != nil
}

// goleakstressCRead is what is allocated at a site and not freed.
//
//go:linkname goleakstressCRead
var goleakstressCRead = func(site int) (blocks, bytes int64) {
	s := (*goleakstressCSite)(add(goleakstressC.sites, uintptr(site)*unsafe.Sizeof(goleakstressCSite{})))
	return atomic.Loadint64(&s.blocks), atomic.Loadint64(&s.bytes)
}

// goleakstressCUncounted is the number of blocks that the tables had no room for.
//
//go:linkname goleakstressCUncounted
var goleakstressCUncounted = func() int64 { return atomic.Loadint64(goleakstressC.uncounted) }

// goleakstressCStack is a number for the running stack, which is read by frame pointers. It never leaves the goroutine's
// own stack, also where frames of C stand between.
//
//go:nosplit
func goleakstressCStack() uint64 {
	gp := getg()
	hash := uint64(14695981039346656037)
	fp := getfp()
	for i := 0; i < 64 && fp >= gp.stack.lo && fp+16 <= gp.stack.hi; i++ {
		hash = (hash ^ *(*uint64)(unsafe.Pointer(fp + 8))) * 1099511628211
		next := *(*uintptr)(unsafe.Pointer(fp))
		if next <= fp {
			break
		}
		fp = next
	}
	return hash ^ hash>>32
}

// goleakstressCgocall is asmcgocall, and tells C which stack the call comes from.
//
//go:nosplit
func goleakstressCgocall(fn, arg unsafe.Pointer, stack uint64, nested bool) int32 {
	call := struct {
		fn, arg unsafe.Pointer
		stack   uint64
		nested  uint64
	}{fn: fn, arg: arg, stack: stack}
	if nested {
		call.nested = 1
	}
	return asmcgocall(_cgo_goleakstress_call, noescape(unsafe.Pointer(&call)))
}

// goleakstressCName hands on the running stack where C does not know it yet and it allocated. It is called before and after
// a call: Go code that C calls may panic past it.
func goleakstressCName(stack uint64) {
	gp := getg()
	if mp := gp.m; gp != mp.curg || mp.locks != 0 || mp.mallocing != 0 || mp.preemptoff != "" {
		return
	}
	for i := uint64(0); i < 64; i++ {
		at := (stack + i) % goleakstressC.siteCount
		s := (*goleakstressCSite)(add(goleakstressC.sites, uintptr(at)*unsafe.Sizeof(goleakstressCSite{})))
		switch atomic.Load64(&s.stack) {
		case stack:
			if atomic.Cas64(&s.named, 0, 1) {
				atomic.Xaddint64(goleakstressC.unnamed, -1)
				goleakstressCNamed(int(at))
			}
			return
		case 0:
			return
		}
	}
}
)go";

}  // namespace

std::vector<Probe> CgoProbes() {
  Probe probe;
  probe.name = "cmemory";
  probe.lost = "memory that C takes and never frees is seen to grow, but not the call of C that took it";
  Variant variant;
  variant.arch = "amd64";
  variant.patches.push_back(
      {.file = "runtime/cgo/cgo.go",
       .substitutions = {{.anchor = "#cgo !android,linux LDFLAGS: -lpthread\n",
                          .replacement = "#cgo !android,linux LDFLAGS: -lpthread -ldl\n"}}});
  const std::string name = "*goleakstressC.unnamed != 0 {\n\t\tgoleakstressCName(goleakstressStack)\n\t}\n";
  const Substitution before = {.anchor = "\tmp := getg().m\n\tmp.ncgocall++\n",
                               .replacement =
                                   "\tgoleakstressStack := uint64(0)\n"
                                   "\tif goleakstressC.sites != nil {\n"
                                   "\t\tgoleakstressStack = goleakstressCStack()\n\t}\n"
                                   "\tif goleakstressStack != 0 && " +
                                   name + "\n\tmp := getg().m\n\tmp.ncgocall++\n"};
  const Substitution call = {
      .anchor = "\terrno := asmcgocall(fn, arg)\n\n\t// Update accounting before exitsyscall because",
      .replacement =
          "\tvar errno int32\n\tif goleakstressStack == 0 {\n\t\terrno = asmcgocall(fn, arg)\n\t} else {\n"
          "\t\terrno = goleakstressCgocall(fn, arg, goleakstressStack, mp.ncgo > 1)\n\t}\n\n"
          "\t// Update accounting before exitsyscall because"};
  const Substitution after = {
      .anchor = "\t// Note that raceacquire must be called only after exitsyscall has\n",
      .replacement = "\tif goleakstressStack != 0 && " + name +
                     "\n\t// Note that raceacquire must be called only after exitsyscall has\n"};
  variant.patches.push_back({.file = "runtime/cgocall.go", .substitutions = {before, call, after}});
  variant.additions = {{"runtime/cgo/zz_goleakstress.c", kCgoHooks},
                       {"runtime/cgo/zz_goleakstress.go", kImports},
                       {"runtime/zz_goleakstress_cgo.go", kRuntime},
                       {"@AGENT@/zz_cmemory.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeCEnable runtime.goleakstressCEnable
var runtimeCEnable func(named func(site int)) (has, counted bool)

//go:linkname runtimeCRead runtime.goleakstressCRead
var runtimeCRead func(site int) (blocks, bytes int64)

//go:linkname runtimeCUncounted runtime.goleakstressCUncounted
var runtimeCUncounted func() int64

var _ = live("cmemory", func() {
	connectors = append(connectors, func() { countCMemory(runtimeCEnable, runtimeCRead, runtimeCUncounted) })
})
)go"}};
  probe.variants = {variant};
  return {probe};
}

}  // namespace goleakstress::build
