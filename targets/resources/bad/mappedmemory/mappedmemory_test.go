package mappedmemory

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

var file *os.File // stays open

// segment makes a file to map, once; it is gone when the process is.
var segment = sync.OnceValues(func() (_ string, err error) {
	if file, err = os.CreateTemp("", "segment"); err != nil {
		return "", err
	}
	_, err = file.Write(append([]byte("SEG1"), make([]byte, 16<<10)...))
	return fmt.Sprintf("/proc/self/fd/%d", file.Fd()), errors.Join(err, os.Remove(file.Name()))
})

func TestMagic(t *testing.T) {
	path, err := segment()
	if err != nil {
		t.Fatal(err)
	}
	if magic, err := Magic(path); err != nil || string(magic[:]) != "SEG1" {
		t.Errorf("Magic: %q, %v", magic, err)
	}
}
