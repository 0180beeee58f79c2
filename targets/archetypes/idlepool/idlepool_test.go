package idlepool

import (
	"math/rand/v2"
	"testing"
)

func FuzzSum(f *testing.F) {
	f.Add([]byte("message"))
	f.Fuzz(func(t *testing.T, message []byte) { Sum(message) })
}

func TestSum(t *testing.T) { Sum(make([]byte, rand.N(300))) }
