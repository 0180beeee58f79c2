package shortlease

import (
	"sync"
	"testing"
)

var client = sync.OnceValue(NewClient)

func FuzzLock(f *testing.F) {
	f.Add("name")
	f.Fuzz(func(t *testing.T, name string) {
		if err := client().Lock(name); err != nil {
			t.Error(err)
		}
	})
}

func TestLock(t *testing.T) {
	if err := client().Lock("name"); err != nil {
		t.Error(err)
	}
}
