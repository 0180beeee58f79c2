// oracle: leak class=cache kind=map line=22 func=Greet rate=1 driver=call entries=TestNewName
// oracle: delayed hold=5m entries=TestNewVisitor
//
// github.com/patrickmn/go-cache: a janitor looks every ten minutes, but what has no expiration it leaves alone.

package gocache

import (
	"time"

	"github.com/patrickmn/go-cache"
)

var greetings = cache.New(5*time.Minute, 10*time.Minute)

// Greet returns the greeting for a name.
func Greet(name string) string {
	if known, ok := greetings.Get(name); ok {
		return known.(string)
	}
	greeting := "hello, " + name
	greetings.Set(name, greeting, cache.NoExpiration) // culprit
	return greeting
}

// Welcome greets somebody who is gone in five minutes.
func Welcome(name string) string {
	greeting := "welcome, " + name
	greetings.Set(name, greeting, cache.DefaultExpiration)
	return greeting
}
