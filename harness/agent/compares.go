//go:build goleakstress_coverage

package agent

// The functions that code compiled with -d=libfuzzer calls at each comparison. In a test binary internal/fuzz has empty ones
// of the same names: the harness overlays its trace.go.
//
// They may be called anywhere, also where no stack can grow and from several goroutines at once, so those for integers are
// nosplit, nothing here allocates or locks, and a record that two goroutines write at once is a record of nonsense that
// costs a few mutations.

import (
	_ "unsafe" // linkname
)

//go:linkname traceCmp1 runtime.libfuzzerTraceCmp1
//go:linkname traceCmp2 runtime.libfuzzerTraceCmp2
//go:linkname traceCmp4 runtime.libfuzzerTraceCmp4
//go:linkname traceCmp8 runtime.libfuzzerTraceCmp8
//go:linkname traceConstCmp1 runtime.libfuzzerTraceConstCmp1
//go:linkname traceConstCmp2 runtime.libfuzzerTraceConstCmp2
//go:linkname traceConstCmp4 runtime.libfuzzerTraceConstCmp4
//go:linkname traceConstCmp8 runtime.libfuzzerTraceConstCmp8
//go:linkname hookStrCmp runtime.libfuzzerHookStrCmp
//go:linkname hookEqualFold runtime.libfuzzerHookEqualFold

const (
	comparedStrings  = 16
	comparedConstant = 128
	comparedBytes    = 64
	perPlace         = 8 // comparisons kept of one line: a loop must not fill the ring
)

type comparison struct {
	kind         uint8
	sizeA, sizeB uint8
	_            [5]uint8
	place        uint64
	a, b         [comparedBytes]uint8
}

var (
	comparisons *[maxComparisons]comparison // in the arena
	comparing   bool
	compared    int
	atPlace     [4096]uint8
)

func startComparisons() {
	clear(atPlace[:])
	compared = 0
	comparing = true
}

func stopComparisons() int {
	comparing = false
	return compared
}

//go:nosplit
//go:norace
func take(place uint) *comparison {
	n := compared
	if !comparing || uint(n) >= maxComparisons || comparisons == nil {
		return nil
	}
	slot := &atPlace[place%uint(len(atPlace))]
	if *slot >= perPlace {
		return nil
	}
	*slot++
	compared = n + 1
	return &comparisons[n]
}

//go:nosplit
//go:norace
func keepNumbers(kind uint8, a, b uint64, place uint) {
	if !comparing || a == b {
		return
	}
	c := take(place)
	if c == nil {
		return
	}
	c.kind, c.sizeA, c.sizeB, c.place = kind, 8, 8, uint64(place)
	for i := 0; i < 8; i++ {
		c.a[i], c.b[i] = uint8(a), uint8(b)
		a, b = a>>8, b>>8
	}
}

//go:norace
func keepStrings(a, b string, place uint) {
	if !comparing || a == b {
		return
	}
	c := take(place)
	if c == nil {
		return
	}
	c.kind, c.place = comparedStrings, uint64(place)
	c.sizeA, c.sizeB = uint8(copy(c.a[:], a)), uint8(copy(c.b[:], b))
}

//go:nosplit
func traceCmp1(a, b uint8, place uint) { keepNumbers(1, uint64(a), uint64(b), place) }

//go:nosplit
func traceCmp2(a, b uint16, place uint) { keepNumbers(2, uint64(a), uint64(b), place) }

//go:nosplit
func traceCmp4(a, b uint32, place uint) { keepNumbers(4, uint64(a), uint64(b), place) }

//go:nosplit
func traceCmp8(a, b uint64, place uint) { keepNumbers(8, a, b, place) }

// The compiler hands the constant first; it is what the other operand should become.

//go:nosplit
func traceConstCmp1(constant, b uint8, place uint) {
	keepNumbers(1|comparedConstant, uint64(b), uint64(constant), place)
}

//go:nosplit
func traceConstCmp2(constant, b uint16, place uint) {
	keepNumbers(2|comparedConstant, uint64(b), uint64(constant), place)
}

//go:nosplit
func traceConstCmp4(constant, b uint32, place uint) {
	keepNumbers(4|comparedConstant, uint64(b), uint64(constant), place)
}

//go:nosplit
func traceConstCmp8(constant, b uint64, place uint) {
	keepNumbers(8|comparedConstant, b, constant, place)
}

func hookStrCmp(a, b string, place uint) { keepStrings(a, b, place) }

func hookEqualFold(a, b string, place uint) { keepStrings(a, b, place) }
