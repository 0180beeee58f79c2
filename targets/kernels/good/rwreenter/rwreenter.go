// oracle: clean entries=TestExercise
//
// The values are read under the lock that is held already.

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
		out <- key + "=" + s.values[key]
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
		go func() {
			f()
			end <- struct{}{}
		}()
	}
	return end
}
