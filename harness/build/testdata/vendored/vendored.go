// Package vendored has a vendored dependency.
package vendored

import "example.com/dependency"

// Four is 4.
func Four() int { return 2 * dependency.Two() }
