// Probes that count things that must be closed, each with the stack that acquired it: net/http.
#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// Idle connections of a pool are closed before anything is judged: a pool is no leak. A transport that only
// one call ever used is no pool: what it keeps is left to it, as it would be without us, and it is counted as
// long as it keeps something. We must not be what keeps it: a transport may list connections of HTTP/2 that
// have ended until its next request, and be garbage with them.
Probe IdleProbe() {
  Probe probe;
  probe.name = "http-idle";
  probe.lost =
      "idle HTTP connections are not closed before counting: a pool may look like growth until it times out";
  Variant variant;
  variant.patches.push_back(
      {.file = "net/http/transport.go",
       .substitutions = {
           {.anchor = "type Transport struct {\n",
            .replacement = "type Transport struct {\n\tgoleakstress atomic.Pointer[goleakstressPool]\n\n"},
           {.anchor = "func (t *Transport) roundTrip(req *Request) (_ *Response, err error) {\n",
            .replacement = "func (t *Transport) roundTrip(req *Request) (_ *Response, err error) "
                           "{\n\tgoleakstressUsed(t)\n"},
           {.anchor = "func (t *Transport) tryPutIdleConn(pconn *persistConn) error {\n",
            .replacement = "func (t *Transport) tryPutIdleConn(pconn *persistConn) error "
                           "{\n\tgoleakstressKeeps(t)\n"},
           // What goleakstressForget relies on.
           {.anchor = "idleConnWait map[connectMethodKey]wantConnQueue",
            .replacement = "idleConnWait map[connectMethodKey]wantConnQueue"},
           {.anchor = "func (q *wantConnQueue) cleanFrontNotWaiting() (cleaned bool) {\n",
            .replacement = "func (q *wantConnQueue) cleanFrontNotWaiting() (cleaned bool) {\n"}}});
  variant.additions.push_back({"net/http/zz_goleakstress_idle.go", R"go(package http

import (
	"sync"
	"unsafe"

	agent "@AGENT@"
)

// goleakstressPool is what we know of one transport.
type goleakstressPool struct {
	transport goleakstressRef
	first     uint64        // the call that used it first
	ticket    *agent.Ticket // of that use

	mu     sync.Mutex
	shared bool // another call used it as well
}

var (
	goleakstressMu    sync.Mutex
	goleakstressInUse = map[*goleakstressPool]bool{} // since they were looked at last, or with connections then
)

func goleakstressUsed(t *Transport) {
	if !agent.Active() {
		return
	}
	p := t.goleakstress.Load()
	if p == nil {
		made := agent.Made("http.transport", unsafe.Pointer(t))
		p = &goleakstressPool{transport: goleakstressRefTo(t), first: agent.Call(), ticket: made}
		if t.goleakstress.CompareAndSwap(nil, p) {
			goleakstressWhenGone(t, p.ticket.Close)
		} else {
			p = t.goleakstress.Load()
		}
	}
	if p.first != agent.Call() {
		p.mu.Lock()
		p.shared = true
		p.mu.Unlock()
	}
	goleakstressKeeps(t)
}

func goleakstressKeeps(t *Transport) {
	if p := t.goleakstress.Load(); p != nil {
		goleakstressMu.Lock()
		goleakstressInUse[p] = true
		goleakstressMu.Unlock()
	}
}

// goleakstressIdle reports whether the transport keeps connections that nobody uses.
func goleakstressIdle(t *Transport) bool {
	t.idleMu.Lock()
	defer t.idleMu.Unlock()
	return len(t.idleConn) > 0
}

// goleakstressForget drops what the transport remembers of requests that wait no more: it would, with the next request to
// the same host. Servers of tests have a new port each time, and that one would never come.
func goleakstressForget(t *Transport) {
	t.idleMu.Lock()
	defer t.idleMu.Unlock()
	for key, queue := range t.idleConnWait {
		queue.cleanFrontNotWaiting()
		if queue.len() == 0 {
			delete(t.idleConnWait, key)
		} else {
			t.idleConnWait[key] = queue
		}
	}
}

func init() {
	agent.OnCloseIdle(func() {
		goleakstressMu.Lock()
		used := goleakstressInUse
		goleakstressInUse = map[*goleakstressPool]bool{}
		goleakstressMu.Unlock()
		for p := range used {
			t := goleakstressTransport(p.transport)
			if t == nil {
				p.ticket.Close()
				continue
			}
			p.mu.Lock()
			shared := p.shared || RoundTripper(t) == DefaultTransport
			p.mu.Unlock()
			switch {
			case shared:
				p.ticket.Close()
				t.CloseIdleConnections()
				goleakstressForget(t)
			case goleakstressIdle(t):
				p.ticket.Open()
				goleakstressKeeps(t)
			default:
				p.ticket.Close()
			}
		}
	})
}
)go"});
  variant.additions.push_back(LiveGlue("http-idle"));
  Variant old = variant;  // there weak pointers are internal, or end the process at a variable of a package
  variant.min_minor = 25;
  variant.additions.push_back({"net/http/zz_goleakstress_idle_ref.go", R"go(package http

import (
	"runtime"
	"weak"
)

type goleakstressRef = weak.Pointer[Transport]

func goleakstressRefTo(t *Transport) goleakstressRef { return weak.Make(t) }

func goleakstressTransport(ref goleakstressRef) *Transport { return ref.Value() }

func goleakstressWhenGone(t *Transport, do func()) {
	runtime.AddCleanup(t, func(do func()) { do() }, do)
}
)go"});
  old.max_minor = 24;
  old.additions.push_back({"net/http/zz_goleakstress_idle_ref.go", R"go(package http

type goleakstressRef = *Transport

func goleakstressRefTo(t *Transport) goleakstressRef { return t }

func goleakstressTransport(ref goleakstressRef) *Transport { return ref }

func goleakstressWhenGone(*Transport, func()) {}
)go"});
  probe.variants = {variant, old};
  return probe;
}

// A response body is open from RoundTrip until Close or the end of the stream, be it an error: there net/http
// gives the connection back or ends it by itself, so a body read to its end is no leak even if nobody closes
// it. What cannot be decompressed is no end: nobody reads on. A body whose request's context is done (a
// time-out of the client is one) holds nothing any more, though nobody closed it: it counts as dropped.
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
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"

	agent "@AGENT@"
)

type goleakstressBody struct {
	io.ReadCloser
	ticket *agent.Ticket
}

func (b *goleakstressBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !goleakstressCorrupt(err) {
		b.ticket.Close()
	}
	return n, err
}

func goleakstressCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return err == gzip.ErrHeader || err == gzip.ErrChecksum || errors.As(err, &corrupt)
}

func (b *goleakstressBody) Close() error {
	b.ticket.Close()
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
	b := &goleakstressBody{resp.Body, agent.Opened("http.body")}
	if w, ok := resp.Body.(io.Writer); ok {
		resp.Body = &goleakstressWritable{b, w}
		return
	}
	// The transport ends the connection then. One that was upgraded it does not know any more.
	if resp.Request != nil {
		b.ticket.GivenUpAt(resp.Request.Context().Done())
	}
	resp.Body = b
}
)go"});
  variant.additions.push_back(LiveGlue("http-body"));
  probe.variants = {variant};
  return probe;
}

// A connection that a handler takes over is the handler's to close.
Probe HijackProbe() {
  Probe probe;
  probe.name = "http-hijack";
  probe.lost = "sockets that handlers take over are named by the line of their server";
  Variant variant;
  variant.patches.push_back(
      {.file = "net/http/server.go",
       .substitutions = {
           {.anchor = "\trwc = c.rwc\n", .replacement = "\trwc = c.rwc\n\tgoleakstressHijacked(rwc)\n"}}});
  variant.additions.push_back({"net/http/zz_goleakstress_hijack.go", R"go(package http

import (
	"net"
	"syscall"

	agent "@AGENT@"
)

func goleakstressHijacked(conn net.Conn) {
	if !agent.Active() {
		return
	}
	if outer, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = outer.NetConn()
	}
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			raw.Control(func(fd uintptr) { agent.SocketTaken(int(fd)) })
		}
	}
}
)go"});
  variant.additions.push_back(LiveGlue("http-hijack"));
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> HttpProbes() { return {IdleProbe(), BodyProbe(), HijackProbe()}; }

}  // namespace goleakstress::build
