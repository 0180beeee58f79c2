package lazysingletons

import (
	"sync/atomic"
	"testing"
)

func FuzzDay(f *testing.F) {
	f.Add(uint16(7))
	f.Fuzz(func(t *testing.T, n uint16) { Day(n) })
}

var day atomic.Uint32

func TestDay(t *testing.T) { Day(uint16(day.Add(1))) }
