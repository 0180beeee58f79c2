// oracle: leak class=goroutine kind="chan receive" line=32 func=listen rate=1 driver=call entries=TestBoth,TestListen id=listen
// oracle: leak class=goroutine kind="sync.Mutex.Lock" line=40 func=relock rate=1 driver=call entries=TestBoth id=relock
// oracle: leak class=goroutine kind="select (no cases)" line=44 func=park rate=1 driver=call entries=TestPark id=park
// oracle: clean entries=TestDone
//
// One helper starts all goroutines, as errgroup's Go does. What never ends is the fault of whoever handed it
// over, so two of them are two leaks, with one go statement.

package runners

import "sync"

var wg sync.WaitGroup

// safely runs f in a goroutine that outlives no panic.
func safely(f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { _ = recover() }()
		f()
	}()
}

// A task by another name.
func submit(f func()) { safely(f) }

func forever() { select {} }

func listen() {
	news := make(chan string)
	safely(func() { // culprit: listen
		<-news
	})
}

func relock() {
	var mu sync.Mutex
	mu.Lock()
	submit(func() { mu.Lock() }) // culprit: relock
}

func park() {
	submit(forever) // culprit: park
}

func done() {
	safely(func() {})
}
