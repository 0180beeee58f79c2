// oracle: clean entries=FuzzDepth
//
// The helper is told of the end in every case.

package depth

import "sync/atomic"

const deep = 24

// Depth returns how deep the brackets of an expression are, and whether all are closed.
func Depth(expression string) (int, bool) {
	depth, deepest := 0, 0
	var helper chan int
	for _, r := range expression {
		switch r {
		case '(':
			depth++
			deepest = max(deepest, depth)
			if depth > deep && helper == nil {
				helper = help()
			}
		case ')':
			depth = max(0, depth-1)
		}
	}
	if helper != nil {
		helper <- deepest
	}
	return deepest, depth == 0
}

// Deepest is the largest depth that a helper was told.
var Deepest atomic.Int64

func help() chan int {
	end := make(chan int)
	go func() {
		Deepest.Store(max(Deepest.Load(), int64(<-end)))
	}()
	return end
}
