// oracle: delayed hold=15m entries=TestNewName,TestNewVisitor
//
// github.com/patrickmn/go-cache: a janitor looks every ten minutes and drops what is older than five.

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
	greetings.Set(name, greeting, cache.DefaultExpiration)
	return greeting
}

// Welcome greets somebody who is gone in five minutes.
func Welcome(name string) string {
	greeting := "welcome, " + name
	greetings.Set(name, greeting, cache.DefaultExpiration)
	return greeting
}
