package shop

import (
	"os"
	"testing"
)

var ready bool

func TestMain(m *testing.M) {
	ready = true
	os.Exit(m.Run())
}

func TestReady(t *testing.T) {
	if !ready {
		t.Fatal("TestMain has not run")
	}
}

func FuzzGreet(f *testing.F) {
	f.Add("Ada")
	f.Fuzz(func(t *testing.T, name string) {
		if Greet(name) == "" {
			t.Fatal("empty")
		}
	})
}
