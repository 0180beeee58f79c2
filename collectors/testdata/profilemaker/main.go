// Profilemaker writes the golden profiles of corpora/profiles: profilemaker DIR PREFIX writes
// DIR/PREFIX-goroutine.pb.gz and so on, from goroutines and allocations planted below.
package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"
)

var (
	never  = make(chan int)
	locked sync.Mutex
	cache  = map[int][]byte{}
	kept   []*[64]byte
)

// wait is small enough to be inlined into its callers.
func wait() { <-never }

func leakByCall(n int) {
	for i := range n {
		pprof.Do(context.Background(), pprof.Labels("inv", strconv.Itoa(i), "entry", "FuzzLeak"), func(context.Context) {
			go wait()
		})
	}
}

//go:noinline
func alloc(size int) []byte { return make([]byte, size) }

//go:noinline
func block() *[64]byte { return new([64]byte) }

// fill allocates several sizes at one stack, which the heap profile keeps apart by a numeric label.
func fill() {
	for i := range 40 {
		cache[i] = alloc(16 << (i % 4))
	}
}

func keep() {
	for range 25 {
		kept = append(kept, block())
	}
}

func main() {
	runtime.MemProfileRate = 1
	pprof.Do(context.Background(), pprof.Labels("goleakstress", "agent"), func(context.Context) { go wait() })
	leakByCall(3)
	for range 4 {
		go func() { locked.Lock() }()
	}
	go func() { select {} }()
	fill()
	keep()
	time.Sleep(50 * time.Millisecond)
	runtime.GC()
	for _, name := range []string{"goroutine", "heap", "threadcreate"} {
		file, err := os.Create(filepath.Join(os.Args[1], os.Args[2]+"-"+name+".pb.gz"))
		if err != nil {
			panic(err)
		}
		if err := pprof.Lookup(name).WriteTo(file, 0); err != nil {
			panic(err)
		}
		if err := file.Close(); err != nil {
			panic(err)
		}
	}
}

func init() { locked.Lock() }
