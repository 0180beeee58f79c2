package promisepanic

import "testing"

func TestPanic(t *testing.T) {
	var table map[string]int
	Run(func() any { table["a"]++; return table }).Then(func(any) {})
}
