package agent

import (
	"fmt"
	"strings"
)

// A combined entry stands for several fuzz targets of one package: each call is a call of one of them. Its name is theirs
// with a "+" between them, which no name of Go has; its arguments are a uint8 that says which target is called, modulo their
// number, and then the arguments of them all.

// FuzzTarget is what one of them hands over when it calls F.Fuzz.
type FuzzTarget struct {
	Name  string
	Kinds []any   // zero values of its arguments
	Seeds [][]any // as F.Add and testdata have them
	Call  func(values []any) (failed, skipped bool, text string)
}

// Combines tells whether the entry that the harness asked for is a combined one of which the fuzz target is a part.
func Combines(name string) bool {
	if !WantsKind(KindFuzz) || !strings.Contains(wantName, "+") {
		return false
	}
	for _, part := range strings.Split(wantName, "+") {
		if part == name {
			return true
		}
	}
	return false
}

// ServeCombined is Serve for the targets that have come to F.Fuzz. With less than two there is no such entry: it returns at
// once, and the harness learns that by the end of the process.
func ServeCombined(targets []FuzzTarget) {
	if len(targets) < 2 {
		return
	}
	all := combine(targets)
	ready := encodeReady(all.kinds, all.seeds(maxSeeds))
	for _, t := range targets {
		ready = appendBytes(ready, 3, appendUint(appendString(nil, 1, t.Name), 2, uint64(len(t.Kinds))))
	}
	serve(ready, all.call)
}

type combined struct {
	targets []FuzzTarget
	kinds   []any
	begin   []int // where the arguments of each target begin
}

func combine(targets []FuzzTarget) *combined {
	c := &combined{targets: targets, kinds: []any{uint8(0)}}
	for _, t := range targets {
		c.begin = append(c.begin, len(c.kinds))
		c.kinds = append(c.kinds, t.Kinds...)
	}
	return c
}

// seeds are those of the targets in turns, so that none crowds out the others; zero values of those that have none.
func (c *combined) seeds(most int) [][]any {
	var all [][]any
	for round, more := 0, true; more; round++ {
		more = false
		for i, t := range c.targets {
			own := t.Seeds
			if len(own) == 0 {
				own = [][]any{t.Kinds}
			}
			if round >= len(own) || len(all) == most {
				continue
			}
			more = true
			values := append([]any(nil), c.kinds...)
			values[0] = uint8(i)
			copy(values[c.begin[i]:], own[round])
			all = append(all, values)
		}
	}
	return all
}

func (c *combined) call(values []any) (failed, skipped bool, text string) {
	if len(values) != len(c.kinds) || kindOf(values[0]) != valueUint8 {
		return true, false, fmt.Sprintf("%d values for the %d arguments of a combined entry", len(values), len(c.kinds))
	}
	i := int(values[0].(uint8)) % len(c.targets)
	t := c.targets[i]
	return t.Call(values[c.begin[i] : c.begin[i]+len(t.Kinds)])
}
