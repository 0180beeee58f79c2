package shortstrings

import "testing"

func TestRegister(*testing.T) {
	calls++
	Label(calls)
	Register(calls)
}

func TestLabel(*testing.T) {
	calls++
	Label(calls)
}
