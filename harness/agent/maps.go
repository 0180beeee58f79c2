//go:build go1.24

package agent

import (
	"runtime"
	"slices"
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
	stack   []uintptr
	inserts bool // the stack put an entry in; else it may have changed one
}

var (
	mapMu    mutex
	mapTable [trackedMaps]*trackedMap
	mapStack []uintptr // memory for a stack that is deep

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
				t.stack, t.inserts = growing(), true
			}
			return
		}
	}
	if free == nil {
		return
	}
	*free = &trackedMap{address: address, alive: weak.Make((*byte)(m)), stack: growing(), inserts: inserts}
}

// growing is the stack above mapGrew; where no frame of it is the user's, those of who started the goroutine follow.
func growing() []uintptr {
	var usual [usualDepth]uintptr
	n := runtime.Callers(3, usual[:])
	stack := slices.Clone(wholeStack(3, usual[:n], &mapStack))
	if starters != nil && isForeign(stack) {
		stack = starters(stack)
	}
	return stack
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
			w.sample(t.stack, int64(mapEntries(unsafe.Pointer(p))))
		}
	}
	return w.out
}
