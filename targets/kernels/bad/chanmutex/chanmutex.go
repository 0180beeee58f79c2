// oracle: leak class=goroutine kind="chan send" line=25 func=Journal.Apply rate=1 driver=call entries=TestRename
// oracle: clean entries=TestRemove
//
// A channel serves as a lock; Rename takes it and calls Remove, which takes it again.

package chanmutex

// Journal holds the names of files; changes are applied in the background, one at a time.
type Journal struct {
	lock  chan struct{}
	names map[string]bool
}

// NewJournal returns a journal of some files.
func NewJournal(names ...string) *Journal {
	j := &Journal{lock: make(chan struct{}, 1), names: map[string]bool{}}
	for _, name := range names {
		j.names[name] = true
	}
	return j
}

// Apply makes a change in the background.
func (j *Journal) Apply(change func(*Journal)) {
	go change(j) // culprit
}

// Remove takes a name out.
func (j *Journal) Remove(name string) {
	j.lock <- struct{}{}
	delete(j.names, name)
	<-j.lock
}

// Rename gives a file a new name.
func (j *Journal) Rename(from, to string) {
	j.lock <- struct{}{}
	defer func() { <-j.lock }()
	if j.names[from] {
		j.Remove(from)
		j.names[to] = true
	}
}
