// oracle: clean entries=TestGet
//
// The defaults are loaded from the map at hand.

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
	s.once.Do(s.load)
	return s.templates[name]
}

func (s *Set) load() {
	s.templates = map[string]string{}
	for name := range s.base {
		s.templates[name] = "{{" + name + "}}"
	}
	for name, base := range s.base {
		if base != "" {
			s.templates[name] = s.templates[base] + s.templates[name]
		}
	}
}
