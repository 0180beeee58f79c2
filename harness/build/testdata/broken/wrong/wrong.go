// Package wrong does not compile.
package wrong

func Wrong() int { return undefinedName }
