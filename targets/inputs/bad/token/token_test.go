package token

import "testing"

func FuzzOpen(f *testing.F) {
	f.Add("dXNyOmFkYToyMDMw") // usr:ada:2030
	f.Fuzz(func(t *testing.T, token string) { Open(token) })
}
