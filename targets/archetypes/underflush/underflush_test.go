package underflush

import "testing"

func FuzzWrite(f *testing.F) {
	f.Add("text")
	f.Fuzz(func(t *testing.T, text string) { Write(text) })
}

func TestWrite(t *testing.T) { Write("text") }
