//go:build go1.24

package agent

import (
	"runtime"
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
	inserts bool // pcs put an entry in; else they may have changed one
}

var (
	mapMu    mutex
	mapTable [trackedMaps]*trackedMap

	mapEntries func(m unsafe.Pointer) uint64 // entries of a map that no one writes to
	inHeap     func(p unsafe.Pointer) bool
)

func init() { profileWriters[mapProfileName] = mapProfile }

// mapGrew is told of every map that gets larger tables, by the goroutine that writes to it; and whether that puts an entry in
// for certain.
func mapGrew(m unsafe.Pointer, inserts bool) {
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
			if t := *slot; inserts && !t.inserts {
				t.depth, t.inserts = runtime.Callers(2, t.pcs[:]), true
			}
			return
		}
	}
	if free == nil {
		return
	}
	t := &trackedMap{address: address, alive: weak.Make((*byte)(m)), inserts: inserts}
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
	w := newProfileWriter(false)
	for _, t := range tracked {
		if p := t.alive.Value(); p != nil {
			w.sample(t.pcs[:t.depth], int64(mapEntries(unsafe.Pointer(p))))
		}
	}
	return w.out
}
