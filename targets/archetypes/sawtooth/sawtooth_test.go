package sawtooth

import "testing"

func FuzzInsert(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, id int) { Insert(id) })
}

func TestInsert(t *testing.T) { Insert(1) }
