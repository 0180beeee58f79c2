// oracle: clean entries=TestRotate
//
// Writers announce themselves under the lock, and the rotation waits without it.

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
	f.budget <- struct{}{}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writing.Add(1)
	defer f.writing.Done()
	f.size += len(line)
}

// Rotate begins a new file once nobody writes.
func (f *File) Rotate() {
	f.writing.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.size = 0
	f.number++
}

// Run does some things with the file, side by side.
func (f *File) Run(things ...func(*File)) (done <-chan struct{}) {
	end := make(chan struct{}, len(things))
	for _, thing := range things {
		go func() {
			thing(f)
			end <- struct{}{}
		}()
	}
	return end
}
