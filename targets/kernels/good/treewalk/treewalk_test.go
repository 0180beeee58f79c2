package treewalk

import (
	"testing"
	"time"
)

func TestWalk(t *testing.T) {
	leaf := func() []*Dir { return []*Dir{{Size: 1}} }
	root := &Dir{Dirs: []*Dir{{Size: 2, Dirs: leaf()}, {Size: 3, Dirs: leaf()}}}
	select {
	case size := <-NewWalker(3).Walk(root):
		if size != 7 {
			t.Errorf("size is %d", size)
		}
	case <-time.After(time.Millisecond):
	}
}
