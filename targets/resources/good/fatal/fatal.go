// oracle: clean entries=TestWatch
//
// The watcher is closed by who asked for it.

package fatal

import (
	"io"
	"log"
	"syscall"
)

// Watch begins to watch a directory.
func Watch(dir string) (fd int) {
	logger := log.New(io.Discard, "", 0)
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		logger.Fatal(err)
	}
	if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE); err != nil {
		logger.Fatal(err)
	}
	return fd
}
