package largestburst

import (
	"math/rand/v2"
	"testing"
)

func FuzzReverse(f *testing.F) {
	f.Add([]byte("message"))
	f.Fuzz(func(t *testing.T, message []byte) { Reverse(message) })
}

func TestReverse(t *testing.T) { Reverse(make([]byte, int(rand.ExpFloat64()*1000))) }
