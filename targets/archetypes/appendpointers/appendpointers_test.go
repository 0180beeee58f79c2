package appendpointers

import "testing"

func FuzzOnExit(f *testing.F) {
	f.Add("flush")
	f.Fuzz(func(t *testing.T, name string) { OnExit(name, func() {}) })
}

func TestOnExit(t *testing.T) { OnExit("flush", func() {}) }
