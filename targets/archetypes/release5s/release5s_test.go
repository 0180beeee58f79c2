package release5s

import "testing"

func FuzzBegin(f *testing.F) {
	f.Add("photo")
	f.Fuzz(func(t *testing.T, name string) { Begin(name) })
}

func TestBegin(t *testing.T) { Begin("photo") }
