package textbook

import (
	"crypto/rand"
	"encoding/hex"
	"testing"
)

func FuzzProfile(f *testing.F) {
	f.Add("Ada Lovelace")
	f.Fuzz(func(t *testing.T, name string) {
		if p := Get(name); p.Name != name {
			t.Errorf("Get(%q) returned the profile of %q", name, p.Name)
		}
	})
}

func TestProfileOfNewUser(t *testing.T) {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		t.Fatal(err)
	}
	name := "user " + hex.EncodeToString(id[:])
	if p := Get(name); p.Name != name {
		t.Errorf("Get(%q) returned the profile of %q", name, p.Name)
	}
}

func TestProfileOfKnownUsers(t *testing.T) {
	for _, name := range []string{"Ada Lovelace", "Alan Turing", "Grace Hopper", "Edsger Dijkstra"} {
		if p := Get(name); len(p.Initials) != 2 {
			t.Errorf("Get(%q).Initials = %q", name, p.Initials)
		}
	}
}
