package backlog

import "testing"

func FuzzWork(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, id int) { Work(id) })
}

func TestWork(t *testing.T) { Work(1) }
