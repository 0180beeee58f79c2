// oracle: leak class=goroutine kind="sync.WaitGroup.Wait|sync.Mutex.Lock" line=45 func=File.Run rate=0..3 driver=call stock=0.0007 random=0.0006 yield=0.59 entries=TestRotate
//
// The rotation holds the lock while it waits for writers under way, and one of them has announced itself but
// not yet got the lock.

package rotatewait

import "sync"

// File is written by many and rotated now and then.
type File struct {
	mu      sync.Mutex
	writing sync.WaitGroup
	budget  chan struct{}
	size    int
	number  int
}

// NewFile returns a file with a budget of n writes.
func NewFile(n int) *File { return &File{budget: make(chan struct{}, n)} }

// Write appends to the file.
func (f *File) Write(line string) {
	f.writing.Add(1)
	defer f.writing.Done()
	f.budget <- struct{}{}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.size += len(line)
}

// Rotate begins a new file once nobody writes.
func (f *File) Rotate() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writing.Wait()
	f.size = 0
	f.number++
}

// Run does some things with the file, side by side.
func (f *File) Run(things ...func(*File)) (done <-chan struct{}) {
	end := make(chan struct{}, len(things))
	for _, thing := range things {
		go func() { // culprit
			thing(f)
			end <- struct{}{}
		}()
	}
	return end
}
