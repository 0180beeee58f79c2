// oracle: leak class=resource kind=inotify line=18 func=Watch rate=0..1 driver=call note="after some 128 of them the process ends" entries=TestWatch
//
// A watcher that is never closed, set up by a goroutine of its own, which ends the program where it cannot have one.

package fatalwatcher

import (
	"io"
	"log"
	"syscall"
)

// Watch begins to watch a directory in the background, and returns when it does.
func Watch(dir string) {
	logger := log.New(io.Discard, "", 0)
	ready := make(chan int)
	go func() {
		fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK) // culprit
		if err != nil {
			logger.Fatal(err)
		}
		if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE); err != nil {
			logger.Fatal(err)
		}
		ready <- fd
	}()
	<-ready
}
