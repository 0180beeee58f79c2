// oracle: gc-only class=resource kind=file line=15 func=Words rate=1 driver=call entries=TestWords
//
// A file is opened, read and forgotten; only the garbage collector closes it.

package filesdropped

import (
	"bufio"
	"os"
	"strings"
)

// Words counts the words of a file.
func Words(path string) (int, error) {
	file, err := os.Open(path) // culprit
	if err != nil {
		return 0, err
	}
	words := 0
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		words += len(strings.Fields(lines.Text()))
	}
	return words, lines.Err()
}
