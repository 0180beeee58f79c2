package poolreleased

import (
	"sync"
	"testing"
)

func TestSubmit(t *testing.T) {
	defer Release()
	var done sync.WaitGroup
	for range 4 {
		done.Add(1)
		_ = Submit(done.Done)
	}
	done.Wait()
}
