// oracle: clean entries=TestWalk
//
// A directory gives back its slot before it waits.

package treewalk

// Dir is a directory.
type Dir struct {
	Size int
	Dirs []*Dir
}

// Walker adds up sizes with a limited number of directories at a time.
type Walker struct {
	slots chan struct{}
}

// NewWalker returns a walker with n slots.
func NewWalker(n int) *Walker { return &Walker{slots: make(chan struct{}, n)} }

// Walk sends the size of a tree on the returned channel.
func (w *Walker) Walk(root *Dir) <-chan int {
	size := make(chan int, 1)
	go func() {
		size <- w.size(root)
	}()
	return size
}

func (w *Walker) size(dir *Dir) int {
	w.slots <- struct{}{}
	size := dir.Size
	sizes := make(chan int, len(dir.Dirs))
	for _, child := range dir.Dirs {
		go func() {
			sizes <- w.size(child)
		}()
	}
	<-w.slots
	for range dir.Dirs {
		size += <-sizes
	}
	return size
}
