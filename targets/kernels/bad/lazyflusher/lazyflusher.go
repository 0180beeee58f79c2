// oracle: leak class=goroutine kind=select line=17 func=startFlusher rate=0..1 driver=call stock=0.00067 random=0.00045 yield=0.25 entries=TestFirstWrites
//
// Two writers that come first at the same time start a flusher each, and one of the two is forgotten.

package lazyflusher

import "sync/atomic"

type flusher struct {
	pages chan int
	stop  chan struct{}
	sum   int
}

func startFlusher() *flusher {
	f := &flusher{pages: make(chan int, 8), stop: make(chan struct{})}
	go f.run()   // culprit
	f.pages <- 0 // the header comes first
	return f
}

func (f *flusher) run() {
	for {
		select {
		case page := <-f.pages:
			f.sum += page
		case <-f.stop:
			return
		}
	}
}

// Store starts its flusher at the first write.
type Store struct {
	flusher atomic.Pointer[flusher]
}

func (s *Store) started() *flusher {
	if f := s.flusher.Load(); f != nil {
		return f
	}
	f := startFlusher()
	s.flusher.Store(f)
	return f
}

// Write passes a page to the flusher.
func (s *Store) Write(page int) { s.started().pages <- page }

// Close stops the flusher.
func (s *Store) Close() {
	if f := s.flusher.Load(); f != nil {
		close(f.stop)
	}
}
