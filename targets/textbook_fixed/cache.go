// oracle: clean entries=FuzzProfile,TestProfileOfNewUser,TestProfileOfKnownUsers
//
// Profiles are kept in a package-level map from the first request on, at most maxProfiles of them: the oldest
// makes room for the newest.

package textbook

import (
	"fmt"
	"strings"
	"sync"
)

// Profile is what a page shows of a user.
type Profile struct {
	Name     string
	Initials string
	Greeting string
}

const maxProfiles = 128

var (
	profilesMu sync.Mutex
	profiles   = map[string]*Profile{}
	arrivals   [maxProfiles]string // the names in profiles, in the order of their arrival from next on
	next       int
)

// Get returns the profile of a user, made at the first request for it.
func Get(name string) *Profile {
	profilesMu.Lock()
	defer profilesMu.Unlock()
	if p, ok := profiles[name]; ok {
		return p
	}
	p := newProfile(name)
	if len(profiles) == maxProfiles {
		delete(profiles, arrivals[next])
	}
	profiles[name] = p
	arrivals[next] = name
	next = (next + 1) % maxProfiles
	return p
}

func newProfile(name string) *Profile {
	return &Profile{
		Name:     name,
		Initials: initials(name),
		Greeting: fmt.Sprintf("Good to see you, %s!", name),
	}
}

func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		b.WriteRune([]rune(word)[0])
	}
	return strings.ToUpper(b.String())
}
