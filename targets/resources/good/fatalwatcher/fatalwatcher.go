// oracle: clean entries=TestWatch
//
// As bad/fatalwatcher, but the watcher is closed.

package fatalwatcher

import (
	"io"
	"log"
	"syscall"
)

// Watch begins to watch a directory in the background, and returns what ends that.
func Watch(dir string) (stop func()) {
	logger := log.New(io.Discard, "", 0)
	ready := make(chan int)
	go func() {
		fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
		if err != nil {
			logger.Fatal(err)
		}
		if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE); err != nil {
			logger.Fatal(err)
		}
		ready <- fd
	}()
	fd := <-ready
	return func() { _ = syscall.Close(fd) }
}
