package agent

import "runtime"

// Field numbers of github.com/google/pprof/proto/profile.proto.
const (
	profileSampleType = 1
	profileSample     = 2
	profileLocation   = 4
	profileFunction   = 5
	profileString     = 6
)

// profileWriter writes profile.proto: one location a frame, with the line numbers as the runtime resolves them.
type profileWriter struct {
	out       []byte
	strings   map[string]uint64
	functions map[string]uint64
	locations map[runtime.Frame]uint64
}

func newProfileWriter(sized bool) *profileWriter {
	w := &profileWriter{
		strings:   map[string]uint64{},
		functions: map[string]uint64{},
		locations: map[runtime.Frame]uint64{},
	}
	w.text("")
	w.sampleType("open", "count")
	if sized {
		w.sampleType("space", "bytes")
	}
	return w
}

func (w *profileWriter) sampleType(name, unit string) {
	kind := appendUint(nil, 1, w.text(name))
	kind = appendUint(kind, 2, w.text(unit))
	w.out = appendBytes(w.out, profileSampleType, kind)
}

func (w *profileWriter) text(s string) uint64 {
	id, known := w.strings[s]
	if !known {
		id = uint64(len(w.strings))
		w.strings[s] = id
		w.out = appendRepeatedString(w.out, profileString, s)
	}
	return id
}

func (w *profileWriter) function(frame runtime.Frame) uint64 {
	id, known := w.functions[frame.Function]
	if !known {
		id = uint64(len(w.functions) + 1)
		w.functions[frame.Function] = id
		b := appendUint(appendUint(nil, 1, id), 2, w.text(frame.Function))
		b = appendUint(b, 4, w.text(frame.File))
		w.out = appendBytes(w.out, profileFunction, b)
	}
	return id
}

func (w *profileWriter) location(frame runtime.Frame) uint64 {
	key := runtime.Frame{Function: frame.Function, File: frame.File, Line: frame.Line}
	id, known := w.locations[key]
	if !known {
		id = uint64(len(w.locations) + 1)
		w.locations[key] = id
		line := appendUint(appendUint(nil, 1, w.function(frame)), 2, uint64(frame.Line))
		w.out = appendBytes(w.out, profileLocation, appendBytes(appendUint(nil, 1, id), 4, line))
	}
	return id
}

func (w *profileWriter) sample(stack []uintptr, values ...int64) {
	var locations []uint64
	anyFrame(stack, func(frame runtime.Frame) bool {
		locations = append(locations, w.location(frame))
		return false
	})
	b := appendPacked(nil, 1, locations, false)
	b = appendPacked(b, 2, values, false)
	w.out = appendBytes(w.out, profileSample, b)
}

// heldProfile has what of a kind calls that are over have left open, beside what the call in progress holds.
func (k *resourceKind) heldProfile() []byte {
	w := newProfileWriter(false)
	w.sampleType("own", "count")
	for _, s := range k.all() {
		if left, own := s.held(); left > 0 || own > 0 {
			w.sample(s.stack, left, own)
		}
	}
	return w.out
}

// profile has what is open of a kind, or what of it was closed only by the garbage collector, in the format of
// /debug/pprof/NAME.
func (k *resourceKind) profile(dropped bool) []byte {
	w := newProfileWriter(k.sized)
	for _, s := range k.all() {
		count := s.open.Load()
		if dropped {
			count = s.dropped.Load()
		}
		switch {
		case count <= 0:
		case k.sized:
			w.sample(s.stack, count, s.bytes.Load())
		default:
			w.sample(s.stack, count)
		}
	}
	return w.out
}
