// oracle: gc-only class=resource kind=pipe line=14 func=Capture rate=1 driver=call entries=TestCapture
//
// The reading end of a pipe is forgotten on the way out.

package pipesdropped

import (
	"io"
	"os"
)

// Capture returns what f writes to a file.
func Capture(f func(*os.File)) (string, error) {
	r, w, err := os.Pipe() // culprit
	if err != nil {
		return "", err
	}
	go func() {
		defer w.Close()
		f(w)
	}()
	text, err := io.ReadAll(r)
	return string(text), err
}
