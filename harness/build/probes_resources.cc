// Probes that count things that must be closed, each with the stack that acquired it: what the kernel hands
// out.
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// Every system call that makes or closes an fd and goes through package syscall. RawSyscall is looked at for
// calls that are never made between fork and exec only: running Go code in a vforked child would be fatal.
// RawSyscall6 is left alone: Syscall goes through it while the goroutine may not grow its stack; so is a
// socketpair of golang.org/x/sys. What the kernel wrote is read before other Go code runs, for that may move
// the stack it lies on. Memory that is mapped goes the same way.
Probe FdProbe() {
  Probe probe;
  probe.name = "fd";
  probe.lost =
      "unclosed files and sockets are counted, but not the line that opened them; mapped memory is not";
  Variant variant;
  variant.patches.push_back(
      {.file = "syscall/syscall_linux.go",
       .substitutions = {
           {.anchor = "\truntime_exitsyscall()\n\treturn\n}",
            .replacement = "\truntime_exitsyscall()\n\tif goleakstressFd != nil {\n"
                           "\t\tgoleakstressAfter(trap, a1, a2, r1, err)\n\t}\n\treturn\n}",
            .count = 2},
           {.anchor = "\truntime_entersyscall()\n",
            // Any call may move the stack, which arguments of most system calls point to.
            .replacement = "\tif (trap == SYS_CLOSE || trap == SYS_MUNMAP) && goleakstressFd != nil {\n"
                           "\t\tgoleakstressBefore(trap, a1)\n\t}\n\truntime_entersyscall()\n",
            .count = 2},
           {.anchor = "\treturn RawSyscall6(trap, a1, a2, a3, 0, 0, 0)\n",
            // Between fork and exec nothing may be called that may grow the stack.
            .replacement = "\tr1, r2, err = RawSyscall6(trap, a1, a2, a3, 0, 0, 0)\n"
                           "\tswitch trap {\n"
                           "\tcase SYS_SOCKET, SYS_EPOLL_CREATE1, SYS_INOTIFY_INIT1, "
                           "goleakstressInotifyInit, SYS_EVENTFD2, SYS_TIMERFD_CREATE:\n"
                           "\t\tif goleakstressFd != nil {\n"
                           "\t\t\tgoleakstressAfter(trap, a1, 0, r1, err)\n\t\t}\n"
                           "\tcase SYS_PIPE2:\n"
                           "\t\tif goleakstressFd != nil {\n"
                           "\t\t\tvar pair [2]int32\n"
                           "\t\t\tif err == 0 {\n"
                           "\t\t\t\tpair = *(*[2]int32)(unsafe.Pointer(a1))\n\t\t\t}\n"
                           "\t\t\tgoleakstressPair(pair, \"pipe\", err)\n\t\t}\n\t}\n"
                           "\treturn\n"}}});
  variant.patches.push_back(
      {.file = "syscall/syscall_unix.go",
       .substitutions = {{.anchor = "\terr = socketpair(domain, typ, proto, &fdx)\n",
                          .replacement = "\terr = socketpair(domain, typ, proto, &fdx)\n"
                                         "\tif goleakstressFd != nil {\n"
                                         "\t\terrno, _ := err.(Errno)\n"
                                         "\t\tgoleakstressPair(fdx, \"socket\", errno)\n\t}\n"}}});
  // What package net's File methods duplicate: the runtime's own fcntl.
  variant.patches.push_back(
      {.file = "internal/syscall/unix/fcntl_unix.go",
       .substitutions = {
           {.anchor = "\treturn int(val), nil\n}",
            .replacement =
                "\tif (cmd == syscall.F_DUPFD_CLOEXEC || cmd == syscall.F_DUPFD) && goleakstressDup != nil "
                "{\n\t\tgoleakstressDup(int(val))\n\t}\n\treturn int(val), nil\n}"}}});
  variant.additions.push_back({"internal/syscall/unix/zz_goleakstress.go", R"go(package unix

import _ "unsafe"

//go:linkname goleakstressDup syscall.goleakstressDup
var goleakstressDup func(fd int)
)go"});
  variant.additions.push_back({"syscall/zz_goleakstress.go", R"go(package syscall

import _ "unsafe"

// goleakstressDup is told of every fd that the runtime has duplicated.
//
//go:linkname goleakstressDup
var goleakstressDup = func(fd int) {
	if goleakstressFd != nil {
		goleakstressFd(fd, goleakstressKind(fd), 0)
	}
}

// goleakstressKind says of what sort a duplicate is.
func goleakstressKind(fd int) string {
	var stat Stat_t
	if Fstat(fd, &stat) == nil {
		switch stat.Mode & S_IFMT {
		case S_IFSOCK:
			return "socket"
		case S_IFIFO:
			return "pipe"
		case S_IFREG, S_IFDIR, S_IFCHR:
			return "file"
		}
	}
	return "dup"
}

// goleakstressFd is told of every fd that was made (kind says of what sort), closed (kind is empty), and of every call that
// should have made one and failed (fd is -1). A mapping of memory is told of by its address, and failed is goleakstressGone
// when it goes.
//
//go:linkname goleakstressFd
var goleakstressFd func(fd int, kind string, failed Errno)

// goleakstressBefore forgets what is about to be given back: once it is, others may get the same number.
func goleakstressBefore(trap, a1 uintptr) {
	switch trap {
	case SYS_CLOSE:
		goleakstressFd(int(a1), "", 0)
	case SYS_MUNMAP:
		goleakstressFd(int(a1), "mapping", goleakstressGone)
	}
}

func goleakstressAfter(trap, a1, a2, r1 uintptr, err Errno) {
	kind := ""
	switch trap {
	case SYS_OPENAT:
		kind = "file"
	case SYS_SOCKET, SYS_ACCEPT, SYS_ACCEPT4:
		kind = "socket"
	case SYS_FCNTL:
		if a2 != F_DUPFD_CLOEXEC && a2 != F_DUPFD {
			return
		}
		kind = goleakstressKind(int(r1))
	case SYS_DUP, SYS_DUP3:
		kind = goleakstressKind(int(r1))
	case SYS_EPOLL_CREATE1:
		kind = "epoll"
	case SYS_INOTIFY_INIT1, goleakstressInotifyInit:
		kind = "inotify"
	case SYS_EVENTFD2:
		kind = "eventfd"
	case SYS_TIMERFD_CREATE:
		kind = "timerfd"
	case goleakstressPidfdOpen:
		kind = "pidfd"
	case goleakstressMemfdCreate:
		kind = "memfd"
	case goleakstressOpenat2:
		kind = "file"
	case goleakstressPidfdGetfd:
		kind = "dup"
	case goleakstressIoUringSetup:
		kind = "io_uring"
	case SYS_SIGNALFD4:
		kind = "signalfd"
	case SYS_FANOTIFY_INIT:
		kind = "fanotify"
	case SYS_PERF_EVENT_OPEN:
		kind = "perf"
	case SYS_INOTIFY_ADD_WATCH:
		if err != 0 {
			goleakstressFd(-1, "inotify", err)
		}
		return
	case SYS_MMAP:
		if err == 0 {
			goleakstressFd(int(r1), "mapping", 0)
		}
		return
	case SYS_MREMAP:
		if err == 0 {
			goleakstressFd(int(a1), "mapping", goleakstressGone)
			goleakstressFd(int(r1), "mapping", 0)
		}
		return
	default:
		return
	}
	fd := int(r1)
	if err != 0 {
		fd = -1
	}
	goleakstressFd(fd, kind, err) // one line: what failed is counted at the same stack as what is held
}

const goleakstressGone = Errno(1)

const (
	// the same on all architectures
	goleakstressIoUringSetup = 425
	goleakstressPidfdOpen    = 434
	goleakstressOpenat2      = 437
	goleakstressPidfdGetfd   = 438
	// linux/amd64; elsewhere other calls that make no fd in Go programs
	goleakstressMemfdCreate = 319
	goleakstressInotifyInit = 253
)

func goleakstressPair(pair [2]int32, kind string, err Errno) {
	if err != 0 {
		goleakstressFd(-1, kind, err)
		return
	}
	goleakstressFd(int(pair[0]), kind, 0)
	goleakstressFd(int(pair[1]), kind, 0)
}
)go"});
  // Go 1.25 has goroutines of their own for cleanups.
  Variant old = variant;
  old.max_minor = 24;
  variant.min_minor = 25;
  old.additions.push_back({"runtime/zz_goleakstress_cleanups.go", R"go(package runtime

func goleakstressCleanupsDone() bool { return true }
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_cleanups.go", R"go(package runtime

// As cleanupQueue.blockUntilEmpty looks at it.
func goleakstressCleanupsDone() bool {
	q := &gcCleanups
	lock(&q.lock)
	done := q.flushed.Load() && q.full.empty() && uint32(q.sleeping.size) == q.ng.Load()
	unlock(&q.lock)
	return done
}
)go"});
  const Addition collects = {"runtime/zz_goleakstress_collects.go", R"go(package runtime

import _ "unsafe"

// goleakstressCollects reports whether the running goroutine is one of those that run finalizers and cleanups.
//
//go:linkname goleakstressCollects
var goleakstressCollects = func() bool {
	switch funcname(findfunc(getg().startpc)) {
	case "runtime.runfinq", "runtime.runFinalizers", "runtime.runCleanups":
		return true
	}
	return false
}

// goleakstressCollected reports whether no finalizer or cleanup waits or runs; as blockUntilEmptyFinalizerQueue looks at it.
//
//go:linkname goleakstressCollected
var goleakstressCollected = func() bool {
	lock(&finlock)
	done := finq == nil && (fing == nil || readgstatus(fing) == _Gwaiting && fing.waitreason == waitReasonFinalizerWait)
	unlock(&finlock)
	return done && goleakstressCleanupsDone()
}
)go"};
  const Addition glue = {"@AGENT@/zz_fd.go", R"go(package @PACKAGE@

import (
	"syscall"
	_ "unsafe"
)

//go:linkname syscallFd syscall.goleakstressFd
var syscallFd func(fd int, kind string, failed syscall.Errno)

//go:linkname runtimeCollects runtime.goleakstressCollects
var runtimeCollects func() bool

//go:linkname runtimeCollected runtime.goleakstressCollected
var runtimeCollected func() bool

var _ = live("fd", func() {
	collecting, collected = runtimeCollects, runtimeCollected
	connectors = append(connectors, func() {
		syscallFd = func(fd int, kind string, failed syscall.Errno) {
			switch {
			case kind == "mapping" && failed == 0:
				mappings.begins(uint64(fd))
			case kind == "mapping":
				mappings.ends(uint64(fd))
			case fd < 0:
				fdFailed(kind, failed)
			case kind == "":
				fdClosed(fd)
			default:
				fdCreated(fd, kind)
			}
		}
	})
})
)go"};
  for (Variant* each : {&variant, &old}) {
    each->additions.push_back(collects);
    each->additions.push_back(glue);
  }
  probe.variants = {variant, old};
  return probe;
}

// Children are told of when they have started; which of them nobody waited for is asked of the kernel when
// they are counted (agent, resources_polled.go).
Probe ChildProbe() {
  Probe probe;
  probe.name = "child";
  probe.lost = "child processes that nobody waits for are counted, but not the line that started them";
  Variant variant;
  variant.patches.push_back(
      {.file = "syscall/exec_unix.go",
       .substitutions = {{.anchor = "\t// Read got EOF, so pipe closed on exec, so exec succeeded.\n",
                          .replacement =
                              "\t// Read got EOF, so pipe closed on exec, so exec succeeded.\n"
                              "\tif goleakstressChild != nil {\n\t\tgoleakstressChild(pid)\n\t}\n"}}});
  variant.additions.push_back({"syscall/zz_goleakstress_child.go", R"go(package syscall

import _ "unsafe"

// goleakstressChild is told of every child that has been started.
//
//go:linkname goleakstressChild
var goleakstressChild func(pid int)
)go"});
  variant.additions.push_back({"@AGENT@/zz_child.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname syscallChild syscall.goleakstressChild
var syscallChild func(pid int)

var _ = live("child", func() {
	connectors = append(connectors, func() {
		children := newPolled("exec.process", childrenThere)
		syscallChild = func(pid int) { children.begins(uint64(pid)) }
	})
})
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> ResourceProbes() { return {FdProbe(), ChildProbe()}; }

}  // namespace goleakstress::build
