// oracle: leak class=resource kind=file line=52 func=Title rate=1 driver=call entries=TestBroken
// oracle: clean entries=TestHeader
//
// A volume whose header is broken is neither closed nor taken off the list of open volumes.

package files

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"sync"
)

// Volume is an open file of a library.
type Volume struct {
	path string
	file *os.File
}

var (
	mu   sync.Mutex
	open = map[*Volume]bool{}
)

var errHeader = errors.New("volume has no header")

// Open opens a volume.
func Open(path string) (*Volume, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	v := &Volume{path, file}
	mu.Lock()
	defer mu.Unlock()
	open[v] = true
	return v, nil
}

// Close closes the volume.
func (v *Volume) Close() error {
	mu.Lock()
	delete(open, v)
	mu.Unlock()
	return v.file.Close()
}

// Title returns the title in the header of a volume.
func Title(path string) (string, error) {
	v, err := Open(path) // culprit
	if err != nil {
		return "", err
	}
	line, err := bufio.NewReader(v.file).ReadString('\n')
	if err != nil {
		return "", err
	}
	title, ok := strings.CutPrefix(line, "# ")
	if !ok {
		return "", errHeader
	}
	v.Close()
	return strings.TrimSpace(title), nil
}
