package randomrelease

import "testing"

func FuzzTake(f *testing.F) {
	f.Add("lease")
	f.Fuzz(func(t *testing.T, name string) { Take(name) })
}

func TestTake(t *testing.T) { Take("lease") }
