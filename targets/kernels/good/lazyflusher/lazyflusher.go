// oracle: clean entries=TestFirstWrites
//
// The flusher that came second is stopped again.

package lazyflusher

import "sync/atomic"

type flusher struct {
	pages chan int
	stop  chan struct{}
	sum   int
}

func startFlusher() *flusher {
	f := &flusher{pages: make(chan int, 8), stop: make(chan struct{})}
	go f.run()
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
	if !s.flusher.CompareAndSwap(nil, f) {
		close(f.stop)
		return s.flusher.Load()
	}
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
