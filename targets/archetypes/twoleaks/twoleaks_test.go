package twoleaks

import "testing"

func FuzzVisit(f *testing.F) {
	f.Add("ada")
	f.Fuzz(func(t *testing.T, user string) { Visit(user) })
}

func TestVisit(t *testing.T) { Visit("ada") }
