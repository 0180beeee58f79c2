// Probes that keep a profile of things that must be closed, each with the stack that acquired it.
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// Every system call that makes or closes an fd and goes through package syscall. RawSyscall is looked at for
// calls that are never made between fork and exec only: running Go code in a vforked child would be fatal.
// RawSyscall6 is left alone: Syscall goes through it while the goroutine may not grow its stack.
Probe FdProbe() {
  Probe probe;
  probe.name = "fd";
  probe.lost = "unclosed files and sockets are counted, but not the line that opened them";
  Variant variant;
  variant.patches.push_back(
      {.file = "syscall/syscall_linux.go",
       .substitutions = {
           {.anchor = "\truntime_exitsyscall()\n\treturn\n}",
            .replacement = "\truntime_exitsyscall()\n\tif goleakstressFd != nil {\n"
                           "\t\tgoleakstressAfter(trap, a1, a2, r1, err)\n\t}\n\treturn\n}",
            .count = 2},
           {.anchor = "\treturn RawSyscall6(trap, a1, a2, a3, 0, 0, 0)\n",
            .replacement = "\tr1, r2, err = RawSyscall6(trap, a1, a2, a3, 0, 0, 0)\n"
                           "\tif goleakstressFd != nil {\n\t\tgoleakstressAfterRaw(trap, a1, r1, err)\n\t}\n"
                           "\treturn\n"}}});
  variant.additions.push_back({"syscall/zz_goleakstress.go", R"go(package syscall

import "unsafe"

// goleakstressFd is told of every fd that was made (kind says of what sort), closed (kind is empty), and of every call that
// should have made one and failed (fd is -1).
//
//go:linkname goleakstressFd
var goleakstressFd func(fd int, kind string, failed Errno)

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
		kind = "dup"
	case SYS_DUP, SYS_DUP3:
		kind = "dup"
	case SYS_EPOLL_CREATE1:
		kind = "epoll"
	case SYS_INOTIFY_INIT1:
		kind = "inotify"
	case SYS_EVENTFD2:
		kind = "eventfd"
	case SYS_TIMERFD_CREATE:
		kind = "timerfd"
	case goleakstressPidfdOpen:
		kind = "pidfd"
	case goleakstressMemfdCreate:
		kind = "memfd"
	case SYS_INOTIFY_ADD_WATCH:
		if err != 0 {
			goleakstressFd(-1, "inotify", err)
		}
		return
	case SYS_PIPE2:
		goleakstressPair(a1, "pipe", err)
		return
	case SYS_CLOSE:
		if err != EBADF {
			goleakstressFd(int(a1), "", 0)
		}
		return
	default:
		return
	}
	if err != 0 {
		goleakstressFd(-1, kind, err)
		return
	}
	goleakstressFd(int(r1), kind, 0)
}

const (
	goleakstressPidfdOpen   = 434
	goleakstressMemfdCreate = 319 // linux/amd64; elsewhere another call that makes no fd in Go programs
)

func goleakstressAfterRaw(trap, a1, r1 uintptr, err Errno) {
	switch trap {
	case SYS_SOCKET, SYS_EPOLL_CREATE1, SYS_INOTIFY_INIT1, SYS_EVENTFD2, SYS_TIMERFD_CREATE, SYS_PIPE2:
		goleakstressAfter(trap, a1, 0, r1, err)
	}
}

func goleakstressPair(at uintptr, kind string, err Errno) {
	if err != 0 {
		goleakstressFd(-1, kind, err)
		return
	}
	pair := (*[2]int32)(unsafe.Pointer(at))
	goleakstressFd(int(pair[0]), kind, 0)
	goleakstressFd(int(pair[1]), kind, 0)
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_fd.go", R"go(package @PACKAGE@

import (
	"syscall"
	_ "unsafe"
)

//go:linkname syscallFd syscall.goleakstressFd
var syscallFd func(fd int, kind string, failed syscall.Errno)

var _ = live("fd", func() {
	connectors = append(connectors, func() {
		syscallFd = func(fd int, kind string, failed syscall.Errno) {
			switch {
			case fd < 0:
				fdFailed(failed)
			case kind == "":
				fdClosed(fd)
			default:
				fdCreated(fd, kind)
			}
		}
	})
})
)go"});
  probe.variants = {variant};
  return probe;
}

// Idle connections are closed before anything is judged: a pool is no leak. Transports are kept only from
// their use to the next settling, so that we keep none of them alive.
Probe IdleProbe() {
  Probe probe;
  probe.name = "http-idle";
  probe.lost =
      "idle HTTP connections are not closed before counting: a pool may look like growth until it times out";
  Variant variant;
  variant.patches.push_back(
      {.file = "net/http/transport.go",
       .substitutions = {
           {.anchor = "func (t *Transport) roundTrip(req *Request) (_ *Response, err error) {\n",
            .replacement = "func (t *Transport) roundTrip(req *Request) (_ *Response, err error) "
                           "{\n\tgoleakstressUsed(t)\n"},
           {.anchor = "func (t *Transport) tryPutIdleConn(pconn *persistConn) error {\n",
            .replacement =
                "func (t *Transport) tryPutIdleConn(pconn *persistConn) error {\n\tgoleakstressUsed(t)\n"}}});
  variant.additions.push_back({"net/http/zz_goleakstress_idle.go", R"go(package http

import (
	"sync"

	agent "@AGENT@"
)

var (
	goleakstressMu    sync.Mutex
	goleakstressInUse = map[*Transport]bool{}
)

func goleakstressUsed(t *Transport) {
	if !agent.Active() {
		return
	}
	goleakstressMu.Lock()
	goleakstressInUse[t] = true
	goleakstressMu.Unlock()
}

func init() {
	agent.OnCloseIdle(func() {
		goleakstressMu.Lock()
		used := goleakstressInUse
		goleakstressInUse = map[*Transport]bool{}
		goleakstressMu.Unlock()
		for t := range used {
			t.CloseIdleConnections()
		}
	})
}
)go"});
  variant.additions.push_back(
      {"@AGENT@/zz_http_idle.go", "package @PACKAGE@\n\nvar _ = live(\"http-idle\", func() {})\n"});
  probe.variants = {variant};
  return probe;
}

// A response body is open from RoundTrip until Close or the end of the stream: at the end net/http gives the
// connection back by itself, so a body read to its end is no leak even if nobody closes it.
Probe BodyProbe() {
  Probe probe;
  probe.name = "http-body";
  probe.lost =
      "unclosed HTTP response bodies show as sockets and goroutines of net/http, not at the caller's line";
  Variant variant;
  variant.patches.push_back(
      {.file = "net/http/roundtrip.go",
       .substitutions = {
           {.anchor = "\treturn t.roundTrip(req)\n",
            .replacement = "\tresp, err := t.roundTrip(req)\n"
                           "\tif err == nil && agent.Active() {\n\t\tgoleakstressTrack(resp)\n\t}\n"
                           "\treturn resp, err\n"},
           {.anchor = "package http\n", .replacement = "package http\n\nimport agent \"@AGENT@\"\n"}}});
  variant.additions.push_back({"net/http/zz_goleakstress_body.go", R"go(package http

import (
	"io"
	"sync"

	agent "@AGENT@"
)

type goleakstressBody struct {
	io.ReadCloser
	once sync.Once
}

func (b *goleakstressBody) done() { b.once.Do(func() { agent.Closed("http.body", b) }) }

func (b *goleakstressBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.done()
	}
	return n, err
}

func (b *goleakstressBody) Close() error {
	b.done()
	return b.ReadCloser.Close()
}

// goleakstressWritable is a body that can be written to as well: that of a 101 upgrade.
type goleakstressWritable struct {
	*goleakstressBody
	io.Writer
}

func goleakstressTrack(resp *Response) {
	if resp == nil || resp.Body == nil || resp.Body == NoBody {
		return
	}
	b := &goleakstressBody{ReadCloser: resp.Body}
	agent.Opened("http.body", b)
	if w, ok := resp.Body.(io.Writer); ok {
		resp.Body = &goleakstressWritable{b, w}
		return
	}
	resp.Body = b
}
)go"});
  variant.additions.push_back(
      {"@AGENT@/zz_http_body.go", "package @PACKAGE@\n\nvar _ = live(\"http-body\", func() {})\n"});
  probe.variants = {variant};
  return probe;
}

Probe SqlProbe() {
  Probe probe;
  probe.name = "sql";
  probe.lost = "unclosed database/sql rows show as connections and goroutines, not at the caller's line";
  Variant variant;
  variant.patches.push_back(
      {.file = "database/sql/sql.go",
       .substitutions = {
           {.anchor = "func (rs *Rows) initContextClose(ctx, txctx context.Context) {\n",
            .replacement = "func (rs *Rows) initContextClose(ctx, txctx context.Context) "
                           "{\n\tagent.Opened(\"sql.rows\", rs)\n"},
           {.anchor = "func (rs *Rows) close(err error) error {\n",
            .replacement = "func (rs *Rows) close(err error) error {\n\tagent.Closed(\"sql.rows\", rs)\n"},
           {.anchor = "import (\n\t\"context\"\n",
            .replacement = "import (\n\tagent \"@AGENT@\"\n\t\"context\"\n"}}});
  variant.additions.push_back(
      {"@AGENT@/zz_sql.go", "package @PACKAGE@\n\nvar _ = live(\"sql\", func() {})\n"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> ResourceProbes() { return {FdProbe(), IdleProbe(), BodyProbe(), SqlProbe()}; }

}  // namespace goleakstress::build
