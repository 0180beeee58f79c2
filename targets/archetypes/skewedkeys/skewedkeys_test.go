package skewedkeys

import (
	"math/rand/v2"
	"testing"
)

func FuzzCount(f *testing.F) {
	f.Add(0.5)
	f.Fuzz(func(t *testing.T, r float64) {
		if r != r {
			t.Skip()
		}
		Count(r)
	})
}

func TestCount(t *testing.T) { Count(rand.Float64()) }
