// oracle: gc-only class=resource kind=socket line=16 func=Descriptor rate=1 driver=call entries=TestDescriptor
// oracle: leak class=resource kind=file line=25 func=Second rate=1 driver=call entries=TestSecond
//
// Duplicates of descriptors that nobody closes: of a socket, by package net, and of a file, by a system call.

package duplicated

import (
	"net"
	"os"
	"syscall"
)

// Descriptor returns the number of a socket for setsockopt.
func Descriptor(c *net.UDPConn) (uintptr, error) {
	f, err := c.File() // culprit
	if err != nil {
		return 0, err
	}
	return f.Fd(), nil
}

// Second returns whether a file can be opened a second time.
func Second(f *os.File) (bool, error) {
	fd, err := syscall.Dup(int(f.Fd())) // culprit
	return fd >= 0, err
}
