// Dumpmaker writes the golden heap dumps of corpora/heap_dumps: dumpmaker FILE writes FILE, a dump of what is
// planted below. See make.sh there.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

type entry struct {
	key  int
	next *entry
	body [100]byte
}

type store struct {
	name string
	byID map[int]*entry
	list *entry
}

var (
	cache   = map[int]*entry{}
	service = &store{byID: map[int]*entry{}} // its first value has no symbol of its own
	never   = make(chan int)
)

type node struct {
	peer *peer
	body [1000]byte
}

type peer struct{ node *node }

func finalize(*node) {}

//go:noinline
func plant() {
	for i := range 100 {
		cache[i] = &entry{key: i}
		service.list = &entry{key: i, next: service.list}
	}
	n := &node{}
	n.peer = &peer{n}
	runtime.SetFinalizer(n, finalize)
}

//go:noinline
func hold(started chan bool) {
	local := make([]byte, 100_000)
	started <- true
	<-never
	runtime.KeepAlive(local)
}

func main() {
	runtime.MemProfile(nil, true) // who does not ask for it has no profile
	plant()
	started := make(chan bool)
	for range 3 {
		go hold(started)
		<-started
	}
	runtime.GC()
	runtime.GC()
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	debug.WriteHeapDump(f.Fd())
	if err := f.Close(); err != nil {
		panic(err)
	}
}
