// oracle: leak class=goroutine kind=sync.Mutex.Lock hang=yes line=24 func=Set.Get rate=1 driver=call entries=TestGet
//
// The first use of the templates loads the defaults, whose loading asks for the templates again: the Once
// waits for itself.

package oncerecursion

import "sync"

// Set is a set of named templates, loaded at the first use of one.
type Set struct {
	once      sync.Once
	templates map[string]string
	base      map[string]string // name -> name of the template that it extends
}

// NewSet returns a set with a page that extends a frame.
func NewSet() *Set {
	return &Set{base: map[string]string{"page": "frame", "frame": ""}}
}

// Get returns a template.
func (s *Set) Get(name string) string {
	s.once.Do(s.load) // culprit
	return s.templates[name]
}

func (s *Set) load() {
	s.templates = map[string]string{}
	for name := range s.base {
		s.templates[name] = "{{" + name + "}}"
	}
	for name, base := range s.base {
		if base != "" {
			s.templates[name] = s.Get(base) + s.templates[name]
		}
	}
}
