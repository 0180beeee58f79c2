package fatal

import (
	"syscall"
	"testing"
)

func TestWatch(t *testing.T) {
	syscall.Close(Watch(t.TempDir()))
}
