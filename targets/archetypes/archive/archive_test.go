package archive

import "testing"

var (
	all    = new(Log).Pack()
	some   = (&Log{most: 1000}).Pack()
	number int
)

func TestLog(t *testing.T) {
	number++
	all.Add(number, "something has happened")
}

func TestBoundedLog(t *testing.T) {
	number++
	some.Add(number, "something has happened")
}
