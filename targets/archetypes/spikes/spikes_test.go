package spikes

import "testing"

func FuzzNotify(f *testing.F) {
	f.Add("ada")
	f.Fuzz(func(t *testing.T, user string) { Notify(user) })
}

func TestNotify(t *testing.T) { Notify("ada") }
