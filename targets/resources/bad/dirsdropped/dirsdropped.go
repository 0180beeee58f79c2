// oracle: gc-only class=resource kind=directory line=15 func=Names rate=1 driver=call entries=TestNames
//
// A directory is opened for its names and forgotten; only the garbage collector closes it.

package dirsdropped

import (
	"os"
	"slices"
	"strings"
)

// Names returns the names in a directory that end in a suffix.
func Names(dir, suffix string) ([]string, error) {
	d, err := os.Open(dir) // culprit
	if err != nil {
		return nil, err
	}
	all, err := d.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasSuffix(name, suffix) }), nil
}
