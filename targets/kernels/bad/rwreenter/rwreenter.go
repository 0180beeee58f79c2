// oracle: leak class=goroutine kind="sync.RWMutex.RLock|sync.RWMutex.Lock" line=47 func=Exercise rate=0..2 driver=call stock=7.9e-05 random=0.0009 yield=0.41 entries=TestExercise
//
// Printing the settings holds the read lock and reads each value under the read lock again; a writer that
// asks in between stops both.

package rwreenter

import "sync"

// Settings are read by many and changed now and then.
type Settings struct {
	mu     sync.RWMutex
	values map[string]string
}

// Get returns one value.
func (s *Settings) Get(key string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.values[key]
}

// Set changes one value.
func (s *Settings) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = value
}

// Print sends all values to the channel.
func (s *Settings) Print(out chan<- string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for key := range s.values {
		out <- key + "=" + s.Get(key)
	}
}

// Exercise prints and changes the settings at the same time.
func Exercise(s *Settings) (done <-chan struct{}) {
	out := make(chan string, 8)
	end := make(chan struct{}, 2)
	for _, f := range []func(){
		func() { s.Print(out) },
		func() { s.Set("level", "debug") },
	} {
		go func() { // culprit
			f()
			end <- struct{}{}
		}()
	}
	return end
}
