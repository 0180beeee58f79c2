// oracle: leak class=goroutine kind="chan receive|chan send" line=37 func=Walker.size rate=0..4 driver=call stock=0.0065 random=2.5 yield=2.3 entries=TestWalk
// oracle: leak class=goroutine kind="chan receive" line=25 id=root func=Walker.Walk rate=0..1 driver=call entries=TestWalk
//
// A directory holds its slot while it waits for its sub-directories, which need slots of their own.

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
	go func() { // culprit: root
		size <- w.size(root)
	}()
	return size
}

func (w *Walker) size(dir *Dir) int {
	w.slots <- struct{}{}
	defer func() { <-w.slots }()
	size := dir.Size
	sizes := make(chan int, len(dir.Dirs))
	for _, child := range dir.Dirs {
		go func() { // culprit
			sizes <- w.size(child)
		}()
	}
	for range dir.Dirs {
		size += <-sizes
	}
	return size
}
