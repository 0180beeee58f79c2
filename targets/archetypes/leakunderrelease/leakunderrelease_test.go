package leakunderrelease

import "testing"

func FuzzOpen(f *testing.F) {
	f.Add("ada")
	f.Fuzz(func(t *testing.T, user string) { Open(user) })
}

func TestOpen(t *testing.T) { Open("ada") }
