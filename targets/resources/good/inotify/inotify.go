// oracle: clean entries=TestFollow
//
// The watcher is closed.

package inotify

import (
	"os"
	"syscall"
)

// Follow reports whether a directory changes while f runs.
func Follow(dir string, f func()) bool {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err == nil {
		defer syscall.Close(fd)
		_, err = syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE|syscall.IN_DELETE)
	}
	if err != nil {
		return poll(dir, f) // not as good, but it works everywhere
	}
	f()
	buffer := make([]byte, 4096)
	n, _ := syscall.Read(fd, buffer)
	return n > 0
}

func poll(dir string, f func()) bool {
	before, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	f()
	after, err := os.ReadDir(dir)
	return err != nil || len(before) != len(after)
}
