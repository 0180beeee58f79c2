// oracle: clean entries=TestCrawl
//
// A task runs what it needs itself when no place is free.

package limitgroup

import (
	"strings"
	"sync/atomic"
)

// Group runs tasks side by side, a limited number at a time.
type Group struct {
	places chan struct{}
	tasks  atomic.Int64
}

// NewGroup returns a group that runs n tasks at a time.
func NewGroup(n int) *Group { return &Group{places: make(chan struct{}, n)} }

// Go runs a task; it waits for a place.
func (g *Group) Go(task func()) {
	g.places <- struct{}{}
	g.start(task)
}

func (g *Group) start(task func()) {
	g.tasks.Add(1)
	go func() {
		defer func() { <-g.places }()
		task()
	}()
}

// TryGo runs a task if a place is free.
func (g *Group) TryGo(task func()) bool {
	select {
	case g.places <- struct{}{}:
		g.start(task)
		return true
	default:
		return false
	}
}

// Crawl follows the links of some pages.
func Crawl(g *Group, pages ...string) {
	for _, page := range pages {
		g.Go(func() {
			follow := func() { _ = strings.ToLower(page) }
			if !g.TryGo(follow) {
				follow()
			}
		})
	}
}
