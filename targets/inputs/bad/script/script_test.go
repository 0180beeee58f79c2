package script

import "testing"

func FuzzRun(f *testing.F) {
	f.Add("o")
	f.Fuzz(func(t *testing.T, script string) { Run(script) })
}
