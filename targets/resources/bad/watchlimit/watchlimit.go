// oracle: leak class=resource kind=inotify line=11 func=Watch rate=0..1 driver=call note="calls fail after some 128 of them, soon after the clock was moved first: it is not why" entries=TestWatch
//
// Every call makes a watcher that is never closed, and fails once the user has no more of them.

package watchlimit

import "syscall"

// Watch reports whether a directory can be watched.
func Watch(dir string) error {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC) // culprit
	if err != nil {
		return err
	}
	_, err = syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE)
	return err
}
