// oracle: clean entries=FuzzLen
//
// A thousand goroutines that wait, as in a server: what a snapshot of them costs is what `run -v` prints.

package thousand

import "testing"

func init() {
	for range 1000 {
		go func() { select {} }()
	}
}

var length int

func FuzzLen(f *testing.F) {
	f.Add("name")
	f.Fuzz(func(t *testing.T, name string) { length = len(name) })
}
