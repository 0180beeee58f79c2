// oracle: leak class=cache kind=map line=34 func=Visit rate=1/20 driver=key entries=FuzzVisit
// oracle: leak class=cache kind=map line=34 func=Visit rate=1/20 driver=call entries=TestNewPage
//
// One new key in twenty is kept for ever.

package rarekeys

import (
	"hash/fnv"
	"strings"
	"sync"
)

type page struct {
	url   string
	links [16]uint32
}

var (
	mu    sync.Mutex
	known = map[string]*page{}
)

// Visit keeps a page if its checksum makes it one of the sample.
func Visit(url string) bool {
	h := fnv.New32a()
	h.Write([]byte(url))
	if h.Sum32()%20 != 0 {
		return false
	}
	mu.Lock()
	defer mu.Unlock()
	if known[url] == nil {
		known[url] = &page{url: strings.Clone(url)} // culprit
	}
	return true
}
