package shortleaseheld

import (
	"sync"
	"testing"
)

var client = sync.OnceValue(NewClient)

func FuzzWork(f *testing.F) {
	f.Add("name")
	f.Fuzz(func(t *testing.T, name string) {
		if err := client().Work(name); err != nil {
			t.Error(err)
		}
	})
}

func TestWork(t *testing.T) {
	if err := client().Work("name"); err != nil {
		t.Error(err)
	}
}
