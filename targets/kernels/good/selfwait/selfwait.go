// oracle: clean entries=TestRun
//
// The clean-up runs after the group, not in it.

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
	go i.cleanUp()
}

func (i *Import) read(file string) {
	defer i.tasks.Done()
	i.lines.Add(int64(strings.Count(file, "\n")))
	i.open.Add(-1)
}

func (i *Import) cleanUp() {
	i.tasks.Wait()
	if i.open.Load() != 0 {
		panic("import: a file is still open")
	}
}
