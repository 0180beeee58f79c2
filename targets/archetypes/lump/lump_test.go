package lump

import "testing"

func FuzzServe(f *testing.F) {
	f.Add("/")
	f.Fuzz(func(t *testing.T, path string) { Serve(path) })
}

func TestServe(t *testing.T) { Serve("/") }
