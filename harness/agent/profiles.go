package agent

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"strings"
)

// hideAllocations keeps what goroutines with the caller's labels allocate out of the heap profile; nil where the probe is
// not live. What reading a profile needs would be noise in it, and half of its cost.
var hideAllocations func()

// profileWriters are profiles that package pprof does not know, by name.
var profileWriters = map[string]func() []byte{}

// readProfile answers with the profile in the format that /debug/pprof/NAME serves.
func readProfile(name string) ([]byte, error) {
	if write := profileWriters[name]; write != nil {
		if b := write(); b != nil {
			return appendBytes(nil, 1, b), nil
		}
	}
	if kind, ours := strings.CutPrefix(name, profilePrefix); ours {
		kind, held := strings.CutPrefix(kind, heldPrefix)
		if known := kindKnown(kind); held && known != nil {
			return appendBytes(nil, 1, known.heldProfile()), nil
		}
		kind, dropped := strings.CutPrefix(kind, droppedPrefix)
		if known := kindKnown(kind); known != nil {
			return appendBytes(nil, 1, known.profile(dropped)), nil
		}
	}
	var plain plainProfile
	w := io.Writer(&plain)
	lookedUp := name
	if name == heapChangesName {
		w, lookedUp = &heapChanges{&plain}, "heap"
	}
	p := pprof.Lookup(lookedUp)
	if p == nil {
		return appendBool(nil, 2, true), nil
	}
	if err := p.WriteTo(w, 0); err != nil {
		return nil, fmt.Errorf("writing profile %s: %w", name, err)
	}
	return appendBytes(nil, 1, plain.Bytes()), nil
}

// heapChangesName is the heap profile with what changed since it was last read under that name, where the probe `heapprofile` is
// live.
const heapChangesName = profilePrefix + "heapchanges"

// The methods tell the patched package pprof what it writes for.
type (
	plainProfile struct{ bytes.Buffer }  // not compressed
	heapChanges  struct{ *plainProfile } // changes alone
)

func (*plainProfile) GoleakstressPlain()  {}
func (*heapChanges) GoleakstressChanges() {}

func profileNames() []byte {
	var b []byte
	for _, p := range pprof.Profiles() {
		b = appendRepeatedString(b, 1, p.Name())
	}
	for _, name := range kindNames() {
		b = appendRepeatedString(b, 1, profilePrefix+name)
		if strings.HasPrefix(name, "fd.") || kindKnown(name).givesUp() {
			b = appendRepeatedString(b, 1, profilePrefix+droppedPrefix+name)
		}
	}
	return b
}

const (
	profilePrefix = "goleakstress." // of the kinds of resources
	droppedPrefix = "dropped."      // then: what of them was closed only by the garbage collector
	heldPrefix    = "held."         // then: what of them earlier calls left open, and what the call in progress holds
)

const ownMetrics = "goleakstress/"

func readMetrics(body []byte) ([]byte, error) {
	var samples []metrics.Sample
	var b []byte
	add := func(name string, v float64) {
		m := appendString(nil, 1, name)
		m = appendVarint(m, 2<<3|wireFixed8)
		bits := math.Float64bits(v)
		for i := 0; i < 8; i++ {
			m = append(m, byte(bits>>(8*i)))
		}
		b = appendBytes(b, 1, m)
	}
	err := fields(body, func(field int, _ uint64, p []byte) error {
		if name := string(p); strings.HasPrefix(name, ownMetrics) {
			if v, ok := ownMetric(name[len(ownMetrics):]); ok {
				add(name, v)
			}
		} else {
			samples = append(samples, metrics.Sample{Name: name})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(samples) > 0 {
		metrics.Read(samples)
	}
	for _, s := range samples {
		switch s.Value.Kind() {
		case metrics.KindUint64:
			add(s.Name, float64(s.Value.Uint64()))
		case metrics.KindFloat64:
			add(s.Name, s.Value.Float64())
		}
	}
	return b, nil
}

// ownMetric reads what only the agent can tell.
func ownMetric(name string) (float64, bool) {
	switch name {
	case "goroutines":
		return float64(runtime.NumGoroutine()), true
	case "calls-made": // of the run in progress
		return float64(callsMade()), true
	case "exhausted":
		return float64(exhausted.Load()), true
	case "c-blocks-missed": // absent where there is no C, negative where its memory is not counted
		if cMissed == nil {
			return 0, false
		}
		return float64(cMissed()), true
	case "race-detector": // absent where there is none
		return 1, raceDetector
	case "next-timer-seconds": // until the earliest timer fires; absent where unknown, negative where there is none
		if nextTimer == nil {
			return 0, false
		}
		when := nextTimer()
		if when == 0 {
			return -1, true
		}
		return math.Max(0, float64(when-clockNow())/1e9), true
	}
	return 0, false
}

const (
	mostStackText = 256 << 20
	leftOut       = "older goroutines are left out\n\n"
)

var stackBuffer []byte

// readStacks is the text of all goroutines, the caller's first, and behind it that of the locks for which some wait and of who
// started those that a library runs. Where that is more than limit bytes it is the youngest's.
func readStacks(limit uint64) []byte {
	limit = min(max(limit, 64<<10), 64<<20)
	text := stackText(limit)
	more := append([]byte{'\n'}, appendLastStarts(appendTakenLocks(nil))...)
	more = more[:min(len(more), int(limit/4))]
	if room := int(limit) - len(more) - len(leftOut); len(text) > room {
		_, young, _ := bytes.Cut(text[len(text)-room:], []byte("\n\n"))
		text = append([]byte(leftOut), young...)
	}
	text = append(text, more...)
	if uint64(len(stackBuffer)) > limit {
		stackBuffer = nil
	}
	return text
}

// allStacks is runtime.Stack of all goroutines; where the probe `alike` is live, of those that are alike the youngest alone.
var allStacks = func(buf []byte) int { return runtime.Stack(buf, true) }

// stackText is the runtime's text, which begins with the oldest goroutines and knows no other order.
func stackText(limit uint64) []byte {
	for size := limit; ; size *= 4 {
		if uint64(len(stackBuffer)) < size {
			stackBuffer = make([]byte, size)
		}
		n := allStacks(stackBuffer)
		if n < len(stackBuffer) || size >= mostStackText {
			return stackBuffer[:n:n]
		}
	}
}

func writeHeapDump(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	debug.WriteHeapDump(f.Fd())
	return nil
}
