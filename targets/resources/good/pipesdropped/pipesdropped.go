// oracle: clean entries=TestCapture
//
// Both ends are closed.

package pipesdropped

import (
	"io"
	"os"
)

// Capture returns what f writes to a file.
func Capture(f func(*os.File)) (string, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer r.Close()
	go func() {
		defer w.Close()
		f(w)
	}()
	text, err := io.ReadAll(r)
	return string(text), err
}
