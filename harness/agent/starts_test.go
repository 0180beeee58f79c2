package agent

import (
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestWhoStartedTheLastGoroutineOfALibraryIsTold(t *testing.T) {
	oldStarts, oldDirs := lastStarts, userDirs
	t.Cleanup(func() { lastStarts, userDirs = oldStarts, oldDirs })
	here := make([]uintptr, 8)
	here = here[:runtime.Callers(1, here)]
	_, file, line, _ := runtime.Caller(0)
	libraries := reflect.ValueOf(strings.ToUpper).Pointer()
	users := reflect.ValueOf(TestWhoStartedTheLastGoroutineOfALibraryIsTold).Pointer()
	lastStarts = func(each func(pc uintptr, stacks [][]uintptr)) {
		each(libraries, [][]uintptr{here, here})
		each(users, [][]uintptr{here})
		each(libraries, nil)
	}
	userDirs = []string{filepath.Dir(file)}
	text := string(appendLastStarts(nil))
	if !strings.HasPrefix(text, "goroutine 0 [started last]:\nstrings.ToUpper(...)\n\t") {
		t.Error(text)
	}
	for part, times := range map[string]int{
		"started last": 1, "created by ": 1, "originating from": 2, file + ":": 3, "testing.tRunner(": 2, "\n\n": 1,
	} {
		if strings.Count(text, part) != times {
			t.Errorf("not %d times %q (line %d) in\n%s", times, part, line, text)
		}
	}
	userDirs = []string{"/elsewhere"}
	if text := appendLastStarts(nil); len(text) > 0 {
		t.Errorf("the user is nowhere:\n%s", text)
	}
}
