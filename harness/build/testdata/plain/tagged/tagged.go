//go:build special

// Package tagged is there with a build tag only.
package tagged
