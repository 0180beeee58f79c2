package jitter

import "testing"

func FuzzKnock(f *testing.F) {
	f.Add("ada")
	f.Fuzz(func(t *testing.T, name string) { Knock(name) })
}

func TestKnock(t *testing.T) { Knock("ada") }
