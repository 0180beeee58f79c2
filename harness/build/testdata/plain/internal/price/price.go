// Package price has no tests.
package price

import "strconv"

// Of tells a price.
func Of(n int) string { return strconv.Itoa(n) + " coins" }
