package nestedjson

import "testing"

func FuzzRun(f *testing.F) {
	f.Add([]byte(`{"name": "build", "steps": []}`))
	f.Fuzz(func(t *testing.T, text []byte) { Run(text) })
}
