// oracle: leak class=goroutine kind=sync.WaitGroup.Wait line=28 func=Import.Run rate=1 driver=call entries=TestRun
//
// A task of a group waits for the whole group before it cleans up, and so for itself.

package selfwait

import (
	"strings"
	"sync"
	"sync/atomic"
)

// Import reads files side by side.
type Import struct {
	tasks sync.WaitGroup
	lines atomic.Int64
	open  atomic.Int64
}

// Run counts the lines of the files in the background.
func (i *Import) Run(files []string) {
	for _, file := range files {
		i.open.Add(1)
		i.tasks.Add(1)
		go i.read(file)
	}
	i.tasks.Add(1)
	go i.cleanUp() // culprit
}

func (i *Import) read(file string) {
	defer i.tasks.Done()
	i.lines.Add(int64(strings.Count(file, "\n")))
	i.open.Add(-1)
}

func (i *Import) cleanUp() {
	defer i.tasks.Done()
	i.tasks.Wait()
	if i.open.Load() != 0 {
		panic("import: a file is still open")
	}
}
