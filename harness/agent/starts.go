package agent

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// lastStarts hands out, for the functions that goroutines run, where they begin and the stacks of those who started the last
// one, its own starter's first; nil where the runtime does not tell. Others write to what it reads.
var lastStarts func(each func(pc uintptr, stacks [][]uintptr))

// appendLastStarts writes who started the last goroutine of each function that is not the user's, where he is among them. What
// such a goroutine allocated is there when it has ended, and does not tell. In the manner of the runtime's traces:
//
//	goroutine 0 [started last]:
//	lib.(*Client).loop(...)
//		/mod/lib/client.go:36
//	created by lib.Dial
//		/mod/lib/client.go:20
//	[originating from goroutine 0]:
//	lib.Dial(...)
//		/mod/lib/client.go:20
//	main.Fetch(...)
//		/src/fetch.go:9
func appendLastStarts(b []byte) []byte {
	if lastStarts == nil {
		return b
	}
	lastStarts(func(pc uintptr, stacks [][]uintptr) {
		f := runtime.FuncForPC(pc)
		if f == nil || len(stacks) == 0 {
			return
		}
		file, line := f.FileLine(pc)
		if isUsers(file) || !slices.ContainsFunc(stacks, namesUser) {
			return
		}
		b = fmt.Appendf(b, "goroutine 0 [started last]:\n%s(...)\n\t%s:%d\n", f.Name(), file, line)
		for i, stack := range stacks {
			first := true
			eachFrame(stack, func(frame runtime.Frame) {
				if i == 0 && first {
					b = fmt.Appendf(b, "created by %s\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
				}
				if first {
					b = append(b, "[originating from goroutine 0]:\n"...)
					first = false
				}
				b = fmt.Appendf(b, "%s(...)\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
			})
		}
		b = append(b, '\n')
	})
	return b
}

// eachFrame goes through a stack without the runtime's frames.
func eachFrame(stack []uintptr, do func(runtime.Frame)) {
	anyFrame(stack, func(frame runtime.Frame) bool {
		if frame.Function != "" && !strings.HasPrefix(frame.Function, "runtime.") {
			do(frame)
		}
		return false
	})
}
