// oracle: clean entries=FuzzUse,TestUse
//
// Strings are interned in a map of weak use: an entry goes when its counter is back at zero.

package interned

import (
	"strings"
	"sync"
)

type interned struct {
	text  string
	users int
}

var (
	mu    sync.Mutex
	table = map[string]*interned{}
)

// Use returns the one copy of a text; free gives it back.
func Use(text string) (same string, free func()) {
	mu.Lock()
	defer mu.Unlock()
	i := table[text]
	if i == nil {
		i = &interned{text: strings.Clone(text)}
		table[i.text] = i
	}
	i.users++
	return i.text, func() {
		mu.Lock()
		defer mu.Unlock()
		if i.users--; i.users == 0 {
			delete(table, i.text)
		}
	}
}
