// oracle: clean entries=TestRender
//
// A report is written to a directory that is removed with all that is in it; the file is closed before.

package filesremoved

import (
	"fmt"
	"os"
)

// Render writes a report.
func Render(path string, rows int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for row := range rows {
		if _, err := fmt.Fprintln(file, "row", row); err != nil {
			return err
		}
	}
	return nil
}
