// Package lib is found through go.work only.
package lib

// Name is a name.
func Name() string { return "lib" }
