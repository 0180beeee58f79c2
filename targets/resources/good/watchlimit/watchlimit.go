// oracle: clean entries=TestWatch
//
// Every call makes a watcher and closes it.

package watchlimit

import "syscall"

// Watch reports whether a directory can be watched.
func Watch(dir string) error {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	_, err = syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE)
	return err
}
