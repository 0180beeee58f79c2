// oracle: leak class=cache kind=string line=30 func=Register rate=1 driver=call entries=TestRegister
// oracle: clean entries=TestLabel
//
// Two short strings share a block of Go's allocator: one that the next call drops, and one that stays and keeps
// the block alive. It is the second whose line is to be named. The array of the list is large enough from the
// start.

package shortstrings

import "strconv"

var (
	last  string
	names = make([]string, 0, 1<<20)
	calls int
)

// Label is what the last call was called.
//
//go:noinline
func Label(n int) {
	last = "the label " + strconv.Itoa(n%10)
}

// Register keeps a name.
//
//go:noinline
func Register(n int) {
	name := []byte{'n', byte(n)}
	names = append(names, string(name)) // culprit
}
