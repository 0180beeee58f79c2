//go:build go1.24

package agent

import (
	"runtime"
	"slices"
	"sync"
	"unsafe"
	"weak"
)

// Maps that grew since the first call began tell how many entries they have. A heap profile shows a map without an object
// per entry in steps alone, each twice as far away as the one before; and the stack at which a map grew is the line that
// puts entries into it.

const (
	mapProfileName = profilePrefix + "map"
	trackedMaps    = 1 << 13
	mapProbes      = 8 // places a map may take: where all are taken by live maps it is not tracked
	mapDepth       = 48
)

type trackedMap struct {
	address uintptr
	alive   weak.Pointer[byte]
	pcs     [mapDepth]uintptr
	depth   int
}

var (
	mapMu    sync.Mutex
	mapTable [trackedMaps]*trackedMap

	mapEntries func(m unsafe.Pointer) uint64 // entries of a map that no one writes to
	inHeap     func(p unsafe.Pointer) bool
)

func init() { profileWriters[mapProfileName] = mapProfile }

// mapGrew is told of every map that gets larger tables, by the goroutine that writes to it.
func mapGrew(m unsafe.Pointer) {
	if current.Load() == nil || !inHeap(m) {
		return
	}
	address := uintptr(m)
	mapMu.Lock()
	defer mapMu.Unlock()
	var free **trackedMap
	for i := uintptr(0); i < mapProbes; i++ {
		slot := &mapTable[(address>>4*0x9e3779b97f4a7c15>>40+i)%trackedMaps]
		switch {
		case *slot == nil || (*slot).alive.Value() == nil:
			if free == nil {
				free = slot
			}
		case (*slot).address == address:
			return
		}
	}
	if free == nil {
		return
	}
	t := &trackedMap{address: address, alive: weak.Make((*byte)(m))}
	t.depth = runtime.Callers(2, t.pcs[:])
	*free = t
}

// mapProfile is a profile in the format that /debug/pprof serves: entries of live maps, by the stack at which they grew.
func mapProfile() []byte {
	if mapEntries == nil {
		return nil
	}
	mapMu.Lock()
	tracked := make([]*trackedMap, 0, 64)
	for i, t := range mapTable {
		if t != nil && t.alive.Value() == nil {
			mapTable[i] = nil
		} else if t != nil {
			tracked = append(tracked, t)
		}
	}
	mapMu.Unlock() // what follows uses maps
	profile := newStackProfile("entries", "count")
	for _, t := range tracked {
		if p := t.alive.Value(); p != nil {
			profile.add(t.pcs[:t.depth], int64(mapEntries(unsafe.Pointer(p))))
		}
	}
	return profile.bytes()
}

// stackProfile writes a profile of one value per stack.
type stackProfile struct {
	strings   []string
	stringIDs map[string]uint64
	functions []byte
	known     map[string]uint64 // function ids by name and file
	locations []byte
	places    map[uintptr]uint64 // location ids by pc
	samples   []byte
	head      []byte
}

func newStackProfile(kind, unit string) *stackProfile {
	p := &stackProfile{stringIDs: map[string]uint64{}, known: map[string]uint64{}, places: map[uintptr]uint64{}}
	p.text("")
	p.head = appendBytes(nil, 1, appendUint(appendUint(nil, 1, p.text(kind)), 2, p.text(unit)))
	return p
}

func (p *stackProfile) text(s string) uint64 {
	id, ok := p.stringIDs[s]
	if !ok {
		id = uint64(len(p.strings))
		p.stringIDs[s] = id
		p.strings = append(p.strings, s)
	}
	return id
}

func (p *stackProfile) add(pcs []uintptr, value int64) {
	var ids []uint64
	frames := runtime.CallersFrames(slices.Clone(pcs))
	for more := len(pcs) > 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		ids = append(ids, p.location(f))
	}
	sample := appendPacked(nil, 1, ids, false)
	p.samples = appendBytes(p.samples, 2, appendPacked(sample, 2, []uint64{uint64(value)}, false))
}

// location is one frame: what is inlined has a location of its own.
func (p *stackProfile) location(f runtime.Frame) uint64 {
	if id, ok := p.places[f.PC]; ok && f.PC != 0 {
		return id
	}
	key := f.Function + "\x00" + f.File
	function, ok := p.known[key]
	if !ok {
		function = uint64(len(p.known) + 1)
		p.known[key] = function
		b := appendUint(appendUint(nil, 1, function), 2, p.text(f.Function))
		p.functions = appendBytes(p.functions, 5, appendUint(b, 4, p.text(f.File)))
	}
	id := uint64(len(p.places) + 1)
	p.places[f.PC] = id
	line := appendUint(appendUint(nil, 1, function), 2, uint64(max(f.Line, 0)))
	p.locations = appendBytes(p.locations, 4, appendBytes(appendUint(appendUint(nil, 1, id), 3, uint64(f.PC)), 4, line))
	return id
}

func (p *stackProfile) bytes() []byte {
	b := append(p.head, p.samples...)
	b = append(append(b, p.locations...), p.functions...)
	for _, s := range p.strings {
		b = appendRepeatedString(b, 6, s)
	}
	return b
}
