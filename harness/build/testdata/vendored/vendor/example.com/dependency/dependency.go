// Package dependency is found in the vendor directory only.
package dependency

// Two is 2.
func Two() int { return 2 }
