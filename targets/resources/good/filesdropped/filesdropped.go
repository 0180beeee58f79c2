// oracle: clean entries=TestWords
//
// The file is closed.

package filesdropped

import (
	"bufio"
	"os"
	"strings"
)

// Words counts the words of a file.
func Words(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	words := 0
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		words += len(strings.Fields(lines.Text()))
	}
	return words, lines.Err()
}
