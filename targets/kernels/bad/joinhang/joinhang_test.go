package joinhang

import "testing"

func TestCompact(t *testing.T) {
	one, other := &Segment{Number: 1}, &Segment{Number: 2}
	merges := []Merge{{one, other}, {other, one}}
	Compact(merges, make(chan Merge, len(merges)))
}
