//go:build go1.24

package agent

import (
	"bytes"
	"testing"
	"unsafe"
)

// A stand-in for a map: its first word is its number of entries.
type countedThing struct{ entries uint64 }

func TestMapsAreTrackedWhileTheyLive(t *testing.T) {
	oldEntries, oldHeap, oldCurrent := mapEntries, inHeap, current.Load()
	t.Cleanup(func() { mapEntries, inHeap = oldEntries, oldHeap; current.Store(oldCurrent) })
	mapEntries = func(m unsafe.Pointer) uint64 { return (*countedThing)(m).entries }
	inHeap = func(unsafe.Pointer) bool { return true }
	thing := &countedThing{entries: 9}

	current.Store(nil)
	mapGrew(unsafe.Pointer(thing), false) // before the first call
	if countTracked() != 0 {
		t.Fatal("tracked before the first call")
	}
	current.Store(newWorker())
	update(thing)
	insert(thing)
	mapGrew(unsafe.Pointer(thing), true)
	if n := countTracked(); n != 1 {
		t.Fatalf("%d tracked, want 1", n)
	}
	profile := mapProfile()
	if bytes.Contains(profile, []byte("agent.update")) {
		t.Error("who changed an entry is in the profile, though somebody else put one in")
	}
	for _, want := range []string{"agent.insert", "TestMapsAreTrackedWhileTheyLive", "maps_test.go"} {
		if !bytes.Contains(profile, []byte(want)) {
			t.Errorf("%q is not in the profile", want)
		}
	}
	thing.entries = 10
	if bytes.Equal(profile, mapProfile()) {
		t.Error("the number of entries does not show")
	}
	deep := &countedThing{entries: 9}
	func() { insertBelow(deep, 200) }()
	if !bytes.Contains(mapProfile(), []byte("TestMapsAreTrackedWhileTheyLive.func")) {
		t.Error("the root of a deep stack is not in the profile")
	}
	thing, deep = nil, nil
	collect(2)
	mapProfile()
	if n := countTracked(); n != 0 {
		t.Errorf("%d tracked after the last reference was dropped", n)
	}
}

//go:noinline
func insertBelow(thing *countedThing, frames int) {
	if frames == 0 {
		insert(thing)
		return
	}
	insertBelow(thing, frames-1)
}

//go:noinline
func update(thing *countedThing) { mapGrew(unsafe.Pointer(thing), false) }

//go:noinline
func insert(thing *countedThing) { mapGrew(unsafe.Pointer(thing), true) }

func countTracked() (n int) {
	for _, m := range mapTable {
		if m != nil {
			n++
		}
	}
	return n
}
