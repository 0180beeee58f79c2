// oracle: clean entries=TestNames
//
// The directory is closed.

package dirsdropped

import (
	"os"
	"slices"
	"strings"
)

// Names returns the names in a directory that end in a suffix.
func Names(dir, suffix string) ([]string, error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	all, err := d.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool { return !strings.HasSuffix(name, suffix) }), nil
}
