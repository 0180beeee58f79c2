package keywords

import "testing"

func FuzzExec(f *testing.F) {
	f.Add("BEGIN; COMMIT")
	f.Fuzz(func(t *testing.T, script string) { Exec(script) })
}
