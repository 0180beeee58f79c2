// oracle: leak class=cache kind=map line=36 or=41,44 func=Get rate=1 driver=key entries=FuzzProfile
// oracle: leak class=cache kind=map line=36 or=41,44 func=Get rate=1 driver=call entries=TestProfileOfNewUser
// oracle: clean entries=TestProfileOfKnownUsers
//
// Profiles are kept in a package-level map from the first request on. No entry is ever dropped, so the
// map grows with every name that was not asked for before; with a few names only it stays small.

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

var (
	profilesMu sync.Mutex
	profiles   = map[string]*Profile{}
)

// Get returns the profile of a user, made at the first request for it.
func Get(name string) *Profile {
	profilesMu.Lock()
	defer profilesMu.Unlock()
	if p, ok := profiles[name]; ok {
		return p
	}
	p := newProfile(name)
	profiles[name] = p // culprit
	return p
}

func newProfile(name string) *Profile {
	return &Profile{ // also right
		Name:     name,
		Initials: initials(name),
		Greeting: fmt.Sprintf("Good to see you, %s!", name), // also right
	}
}

func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		b.WriteRune([]rune(word)[0])
	}
	return strings.ToUpper(b.String())
}
