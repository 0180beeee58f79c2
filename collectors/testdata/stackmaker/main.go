// Stackmaker writes the golden text of corpora/goroutine_text: it blocks goroutines in every usual way and prints
// runtime.Stack of all. Run with GODEBUG=tracebackancestors=10,tracebacklabels=1. With -minutes it first waits for the
// time blocked to show; with -leaks it first lets the runtime mark leaked goroutines, where it can.
package main

import (
	"context"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"syscall"
	"time"
)

var (
	never  = make(chan int) // nobody sends
	full   = make(chan int) // nobody receives
	nilCh  chan int
	mutex  sync.Mutex
	rw     sync.RWMutex
	group  sync.WaitGroup
	cond   = sync.NewCond(new(sync.Mutex))
	number = 7
)

func chanReceive()    { <-never }
func chanSend()       { full <- 1 }
func chanReceiveNil() { <-nilCh }
func selectTwo() {
	select {
	case <-never:
	case full <- 1:
	}
}
func selectNone()    { select {} }
func mutexLock()     { mutex.Lock() }
func rwLock()        { rw.Lock() }
func rwRLock()       { rw.RLock() }
func groupWait()     { group.Wait() }
func condWait()      { cond.L.Lock(); cond.Wait() }
func sleep()         { time.Sleep(time.Hour) }
func lockedThread()  { runtime.LockOSThread(); <-never }
func leakedReceive() { <-make(chan int) }

func ioWait() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	listener.Accept()
}

func inSyscall() {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	syscall.Read(ends[0], make([]byte, 1))
}

type pool[T any] struct{ jobs chan T }

func (p *pool[T]) worker(name string, deadline struct{ a, b int }) { <-p.jobs }

func drain[T any](in chan T) { <-in }

//go:noinline
func deep(n int) int {
	if n == 0 {
		<-never
	}
	return deep(n-1) + 1
}

// The chain that ancestors show: grandparent starts parent starts child, and both are gone.
func grandparent() { go parent(number) }
func parent(n int) { go func() { child(n) }() }
func child(n int)  { <-never; number = n }

func main() {
	mutex.Lock()
	rw.Lock()
	group.Add(1)
	for _, f := range []func(){chanReceive, chanSend, chanReceiveNil, selectTwo, selectNone, mutexLock, rwLock, rwRLock,
		groupWait, condWait, sleep, lockedThread, leakedReceive, ioWait, inSyscall} {
		go f()
	}
	p := &pool[string]{jobs: make(chan string)}
	go p.worker("name", struct{ a, b int }{1, 2})
	go drain(p.jobs)
	go deep(200)
	go grandparent()
	pprof.Do(context.Background(), pprof.Labels("inv", "42", "entry", "Fuzz/odd \"name\"]:\n\té\x01"), func(context.Context) {
		go chanReceive()
	})
	time.Sleep(100 * time.Millisecond)
	if slices.Contains(os.Args, "-minutes") {
		runtime.GC()
		time.Sleep(130 * time.Second)
	}
	if leaks := pprof.Lookup("goroutineleak"); leaks != nil && slices.Contains(os.Args, "-leaks") {
		if err := leaks.WriteTo(io.Discard, 0); err != nil {
			panic(err)
		}
	}
	text := make([]byte, 1<<20)
	os.Stdout.Write(text[:runtime.Stack(text, true)])
	runtime.KeepAlive(p)
}
