package depth

import "testing"

func FuzzDepth(f *testing.F) {
	f.Add("(a)")
	f.Fuzz(func(t *testing.T, expression string) { Depth(expression) })
}
