package pipeabandoned

import "testing"

func FuzzCheck(f *testing.F) {
	f.Add("{}", " [1]")
	f.Fuzz(func(t *testing.T, one, other string) {
		Check([]string{one, other})
	})
}

func TestBroken(t *testing.T) {
	if err := Check([]string{`{"a": 1}`, ` {"b" 2}`, ` {"c": 3}`}); err == nil {
		t.Error("a broken document passed")
	}
}
