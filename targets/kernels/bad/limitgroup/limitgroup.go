// oracle: leak class=goroutine kind="chan send" line=39 or=30 func=Crawl rate=1..2 driver=call stock=2 random=2 yield=1.6 entries=TestCrawl
//
// A task of a group with a limit adds another task to the group; with all places taken by such tasks, none is
// ever given back.

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
	go func() { // also right
		defer func() { <-g.places }()
		task()
	}()
}

// Crawl follows the links of some pages.
func Crawl(g *Group, pages ...string) {
	for _, page := range pages {
		g.Go(func() { // culprit
			g.Go(func() { _ = strings.ToLower(page) })
		})
	}
}
