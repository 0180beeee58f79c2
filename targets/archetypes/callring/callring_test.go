package callring

import "testing"

func FuzzHandle(f *testing.F) {
	f.Add("call")
	f.Fuzz(func(t *testing.T, name string) { Handle(name) })
}

func TestHandle(t *testing.T) { Handle("call") }
