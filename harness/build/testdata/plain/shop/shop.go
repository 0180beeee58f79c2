// Package shop has what a build must cope with: an internal package, an embedded file, tests inside and outside the package.
package shop

import (
	_ "embed"
	"strings"

	"example.com/plain/internal/price"
)

//go:embed greeting.txt
var greeting string

// Greet greets and tells the price.
func Greet(name string) string {
	return strings.TrimSpace(greeting) + " " + name + ", that is " + price.Of(len(name))
}
