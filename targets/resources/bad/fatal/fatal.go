// oracle: leak class=resource kind=inotify line=16 func=Watch rate=0..1 driver=call note="after some 128 of them every call ends the process" entries=TestWatch
//
// A watcher that is never closed, in a program that gives up where it cannot have one.

package fatal

import (
	"io"
	"log"
	"syscall"
)

// Watch begins to watch a directory.
func Watch(dir string) (fd int) {
	logger := log.New(io.Discard, "", 0)
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK) // culprit
	if err != nil {
		logger.Fatal(err)
	}
	if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE); err != nil {
		logger.Fatal(err)
	}
	return fd
}
