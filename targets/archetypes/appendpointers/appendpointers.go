// oracle: leak class=cache kind=slice line=26 func=OnExit rate=1 driver=call entries=FuzzOnExit,TestOnExit
//
// Every call appends a new object to a slice of the package: the objects grow evenly, the array in steps.

package appendpointers

import (
	"strings"
	"sync"
)

type hook struct {
	name string
	run  func()
}

var (
	mu    sync.Mutex
	hooks []*hook
)

// OnExit has a function called at the end of the program.
func OnExit(name string, run func()) {
	mu.Lock()
	defer mu.Unlock()
	hooks = append(hooks, &hook{strings.Clone(name), run}) // culprit
}

// Exit calls the functions.
func Exit() {
	mu.Lock()
	defer mu.Unlock()
	for _, h := range hooks {
		h.run()
	}
	hooks = nil
}
