// oracle: leak class=cache kind=list line=39 func=KeepInList rate=1 driver=call entries=TestList
// oracle: leak class=cache kind=list line=51 func=KeepInChain rate=1 driver=call entries=TestChain
// oracle: leak class=cache kind=tree line=65 func=tree.put rate=1 driver=call entries=TestTree
// oracle: leak class=cache kind=map line=82 func=KeepInSyncMap rate=1 driver=call entries=TestSyncMap
// oracle: leak class=cache kind=slice line=90 func=KeepNotes rate=1 driver=call entries=TestNotes
// oracle: not-leak entries=TestListTrimmed,TestSyncMapDeleted
//
// Records that are kept by something else than a map or a slice, or by a slice of slices: what the records
// hold grows by append, but the line that keeps them is to be named.

package containers

import (
	"container/list"
	"fmt"
	"sync"
)

const bound = 300

type record struct {
	id    string
	notes []string
}

func newRecord(id string) *record {
	r := &record{id: id}
	for i := range 4 {
		r.notes = append(r.notes, fmt.Sprintf("%s: note %d", id, i))
	}
	return r
}

var seen = list.New()

// KeepInList remembers a record for ever.
func KeepInList(id string) {
	r := newRecord(id)
	seen.PushBack(r) // culprit
}

type link struct {
	next *link
	r    *record
}

var newest *link

// KeepInChain puts a record before all others.
func KeepInChain(id string) {
	newest = &link{newest, newRecord(id)} // culprit
}

type tree struct {
	left, right *tree
	key         string
	r           *record
}

var root *tree

func (t *tree) put(key string, r *record) *tree {
	switch {
	case t == nil:
		return &tree{key: key, r: r} // culprit
	case key < t.key:
		t.left = t.left.put(key, r)
	case key > t.key:
		t.right = t.right.put(key, r)
	}
	return t
}

// KeepInTree sorts a record in.
func KeepInTree(id string) { root = root.put(id, newRecord(id)) }

var live sync.Map

// KeepInSyncMap registers a record and adds to it.
func KeepInSyncMap(id string) {
	r := newRecord(id)
	live.Store(id, r) // culprit
	r.notes = append(r.notes, "registered")
}

var history [][]string

// KeepNotes keeps what a record holds.
func KeepNotes(id string) {
	history = append(history, newRecord(id).notes) // culprit
}

var recent = list.New()

// KeepSome remembers the last records.
func KeepSome(id string) {
	recent.PushBack(newRecord(id))
	if recent.Len() > bound {
		recent.Remove(recent.Front())
	}
}

var busy sync.Map

// Visit registers a record for the time of the call.
func Visit(id string) int {
	r := newRecord(id)
	busy.Store(id, r)
	defer busy.Delete(id)
	return len(r.notes)
}
