package chanmutex

import "testing"

func TestRename(t *testing.T) {
	NewJournal("a", "b").Apply(func(j *Journal) { j.Rename("a", "c") })
}

func TestRemove(t *testing.T) {
	NewJournal("a", "b").Apply(func(j *Journal) { j.Remove("a") })
}
