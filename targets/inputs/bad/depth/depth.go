// oracle: leak class=goroutine kind="chan receive" line=39 func=help rate=1 driver=call input="25 opening brackets deep, not all of them closed" entries=FuzzDepth
//
// An expression with more than 24 brackets inside each other gets a helper, who waits for its end; without
// its closing brackets it has none.

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
	if helper != nil && depth == 0 {
		helper <- deepest
	}
	return deepest, depth == 0
}

// Deepest is the largest depth that a helper was told.
var Deepest atomic.Int64

func help() chan int {
	end := make(chan int)
	go func() { // culprit
		Deepest.Store(max(Deepest.Load(), int64(<-end)))
	}()
	return end
}
