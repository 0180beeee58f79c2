package echo

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	f.Add("one two\nthree")
	f.Fuzz(func(t *testing.T, text string) { Parse(text) })
}

func TestParse(t *testing.T) { Parse(strings.Repeat("one two\n", 1+rand.N(50))) }
