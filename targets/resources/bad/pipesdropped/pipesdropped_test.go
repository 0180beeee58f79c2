package pipesdropped

import (
	"fmt"
	"os"
	"testing"
)

func TestCapture(t *testing.T) {
	text, err := Capture(func(f *os.File) { fmt.Fprintln(f, "hello") })
	if err != nil || text != "hello\n" {
		t.Errorf("Capture: %q, %v", text, err)
	}
}
