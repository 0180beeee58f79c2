// oracle: gc-only class=resource kind=file line=15 func=Render rate=1 driver=call entries=TestRender
//
// A report is written to a directory that is removed with all that is in it; the file is never closed. What closes it is
// the garbage collector, and it is slow: the last one that had a removed file open gives its blocks back.

package filesremoved

import (
	"fmt"
	"os"
)

// Render writes a report.
func Render(path string, rows int) error {
	file, err := os.Create(path) // culprit
	if err != nil {
		return err
	}
	for row := range rows {
		if _, err := fmt.Fprintln(file, "row", row); err != nil {
			return err
		}
	}
	return nil
}
