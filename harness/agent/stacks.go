package agent

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

const (
	usualDepth   = 64
	deepestStack = 256 // frames; campaign/session.cc asks the runtime for as many in its own profiles
)

// wholeStack is the stack of which `usual` are the innermost frames: the running goroutine's, without as many as `skip` says,
// where 0 is wholeStack itself. A deep one lies in `memory`.
func wholeStack(skip int, usual []uintptr, memory *[]uintptr) []uintptr {
	if len(usual) < usualDepth {
		return usual
	}
	*memory = slices.Grow((*memory)[:0], deepestStack)[:deepestStack]
	return (*memory)[:runtime.Callers(skip+1, *memory)]
}

// starters appends the stacks of the goroutines that started the running one, its own starter's first, each of which ends with
// runtime.goexit; nil where the runtime does not tell.
var starters func(stack []uintptr) []uintptr

// userDirs are the directories of the user's own modules; none: they are not known.
var userDirs []string

func setUserDirs() {
	userDirs = filepath.SplitList(os.Getenv("GOLEAKSTRESS_USER"))
}

// isUsers is CodeMap::OwnerOf (harness/explain/stack.h) as far as it is about the user.
func isUsers(file string) bool {
	for _, dir := range userDirs {
		if below, is := strings.CutPrefix(file, dir+"/"); is {
			return !strings.Contains("/"+below, "/vendor/")
		}
	}
	return false
}

// isForeign reports whether no frame of a whole stack is the user's: a package works in a goroutine of its own.
func isForeign(stack []uintptr) bool {
	if len(userDirs) == 0 || len(stack) == deepestStack {
		return false
	}
	return !namesUser(stack)
}

// namesUser reports whether a frame is the user's.
func namesUser(stack []uintptr) bool {
	return anyFrame(stack, func(frame runtime.Frame) bool { return isUsers(frame.File) })
}

// anyFrame reports whether a call of the stack, be it an inlined one, is such a one.
func anyFrame(stack []uintptr, is func(runtime.Frame) bool) bool {
	frames := runtime.CallersFrames(stack)
	for more := len(stack) > 0; more; {
		var frame runtime.Frame
		if frame, more = frames.Next(); is(frame) {
			return true
		}
	}
	return false
}
