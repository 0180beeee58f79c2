package syncpool

import "testing"

func FuzzFormat(f *testing.F) {
	f.Add("a", 1)
	f.Fuzz(func(t *testing.T, name string, value int) { Format(name, value) })
}

func TestFormat(t *testing.T) {
	if got := Format("a", 1); got != "a=1\n" {
		t.Errorf("Format: %q", got)
	}
}
