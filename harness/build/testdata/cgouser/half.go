// Package cgouser calls C.
package cgouser

/*
static int half(int n) { return n / 2; }
*/
import "C"

// Half halves.
func Half(n int) int { return int(C.half(C.int(n))) }
