// Package agent runs inside the Go target: it calls the chosen entry, settles the process, moves its clock and hands out
// profiles, at the word of the harness on the other end of an inherited socket (harness/proto/agent.proto).
//
// It is not a module of the user's build: the harness adds it to the standard library by -overlay, so it may import the
// standard library only, and nothing of net or testing, which import it. It prints nothing, takes no flag, opens no fd, and
// keeps one goroutine of its own, labelled goleakstress=agent, besides the one that makes the calls.
//
// Without GOLEAKSTRESS_FD in the environment every function here is a no-op: the target runs as it always does.
package agent

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync/atomic"
	"syscall"
)

const protocolVersion = 1

// Entry kinds, as agent.proto numbers them.
const (
	KindFuzz      = 1
	KindTest      = 2
	KindExample   = 3
	KindBenchmark = 4
	KindMain      = 5
)

const (
	maxMessage = 256 << 20
	maxSeeds   = 1000
)

var (
	active    bool // the harness holds the other end
	listing   bool // this process only lists its entries
	wantKind  int  // the entry to serve
	wantName  string
	channelFd int

	writing mutex
	finish  = make(chan struct{}) // closed by Finish
)

func init() {
	fd, err := strconv.Atoi(os.Getenv("GOLEAKSTRESS_FD"))
	if err != nil {
		return
	}
	active, channelFd = true, fd
	listing = os.Getenv("GOLEAKSTRESS_LIST") != ""
	wantKind, _ = strconv.Atoi(os.Getenv("GOLEAKSTRESS_KIND"))
	wantName = os.Getenv("GOLEAKSTRESS_ENTRY")
	setUserDirs()
	for _, name := range []string{
		"GOLEAKSTRESS_FD", "GOLEAKSTRESS_LIST", "GOLEAKSTRESS_KIND", "GOLEAKSTRESS_ENTRY", "GOLEAKSTRESS_USER",
	} {
		os.Unsetenv(name) // the target's own children must not take the channel for theirs
	}
	syscall.CloseOnExec(fd)
	startProbes()
	hello := appendUint(nil, 1, protocolVersion)
	hello = appendString(hello, 2, runtime.Version())
	for _, name := range liveProbes {
		hello = appendRepeatedString(hello, 3, name)
	}
	send(0, bodyHello, hello)
	go control()
}

// Entry describes one thing that can be called.
type Entry struct {
	Kind int
	Name string
}

// List hands the harness all entries of a test binary and ends the process, if that is what it was started for.
func List(entries []Entry) {
	if !active || !listing {
		return
	}
	var b []byte
	for _, e := range entries {
		b = appendBytes(b, 1, appendString(appendUint(nil, 1, uint64(e.Kind)), 2, e.Name))
	}
	send(0, bodyEntries, b)
	exitNow(0)
}

// Wants tells whether the harness asked for this entry.
func Wants(kind int, name string) bool {
	return active && !listing && kind == wantKind && (name == wantName || kind == KindMain)
}

// WantsKind tells whether the harness asked for an entry of this kind.
func WantsKind(kind int) bool { return active && !listing && kind == wantKind }

// Active tells whether the harness drives this process.
func Active() bool { return active }

// Serve makes calls of the entry until the harness ends them. The goroutine that called it makes the calls.
func Serve(kinds []any, seeds [][]any, call func(values []any) (failed, skipped bool, text string)) {
	serve(encodeReady(kinds, seeds), call)
}

func encodeReady(kinds []any, seeds [][]any) []byte {
	var ready []byte
	for _, k := range kinds {
		ready = appendVarint(appendVarint(ready, 1<<3|wireVarint), uint64(kindOf(k)))
	}
	for _, s := range seeds[:min(len(seeds), maxSeeds)] {
		ready = appendBytes(ready, 2, encodeInput(s))
	}
	return ready
}

func serve(ready []byte, call func(values []any) (failed, skipped bool, text string)) {
	entry = call
	first := newWorker()
	current.Store(first)
	send(0, bodyReady, ready)
	ready = nil
	first.loop()
	<-finish // an abandoned worker's goroutine may come back here: the calls are over only when the harness says so
}

var (
	entry   func(values []any) (failed, skipped bool, text string)
	current atomic.Pointer[worker]
)

// send writes one Response. Body is the field number of its oneof.
func send(id uint64, body int, message []byte) {
	var b []byte
	b = appendUint(b, 1, id)
	b = appendBytes(b, body, message)
	sendRaw(b)
}

func sendError(id uint64, text string) {
	sendRaw(appendString(appendUint(nil, 1, id), 2, text))
}

func sendRaw(message []byte) {
	writing.Lock()
	defer writing.Unlock()
	n := len(message)
	frame := append([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}, message...)
	for len(frame) > 0 {
		n, err := syscall.Write(channelFd, frame)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			exitNow(111) // the harness is gone, and we with it
		}
		frame = frame[n:]
	}
}

func labelled(label string) {
	ctx := context.Background()
	if label != "" {
		ctx = pprof.WithLabels(ctx, pprof.Labels("goleakstress", label))
	}
	pprof.SetGoroutineLabels(ctx)
}

// exitNow ends the process past every hook and handler.
func exitNow(code int) { syscall.Exit(code) }
