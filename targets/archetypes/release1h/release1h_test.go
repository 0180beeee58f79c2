package release1h

import "testing"

func FuzzSave(f *testing.F) {
	f.Add("text")
	f.Fuzz(func(t *testing.T, text string) { Save(text) })
}

func TestSave(t *testing.T) { Save("text") }
