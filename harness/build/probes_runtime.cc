// Probes in package runtime (and os): the entry of main, the network poller, the environment.
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

// goleakstressPollFromNowOn makes the poller's own descriptors, which else come with the first timer or connection of whoever.
//
//go:linkname goleakstressPollFromNowOn
var goleakstressPollFromNowOn = func() { netpollGenericInit() }

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

//go:linkname runtimePollFromNowOn runtime.goleakstressPollFromNowOn
var runtimePollFromNowOn func()

var _ = live("netpoll", func() {
	pollNetwork, network = runtimeNetpoll, runtimeNetwork
	connectors = append(connectors, runtimePollFromNowOn)
})
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
  return {MainProbe(), ClockProbe(), NetpollProbe(), HandoffProbe(), EnvironmentProbe(), HiddenProbe()};
}

}  // namespace goleakstress::build
