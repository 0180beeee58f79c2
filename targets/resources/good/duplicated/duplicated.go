// oracle: clean entries=TestDescriptor,TestSecond
//
// Duplicates of descriptors, closed.

package duplicated

import (
	"net"
	"os"
	"syscall"
)

// Descriptor returns the number of a socket for setsockopt.
func Descriptor(c *net.UDPConn) (uintptr, error) {
	f, err := c.File()
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Fd(), nil
}

// Second returns whether a file can be opened a second time.
func Second(f *os.File) (bool, error) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return false, err
	}
	return true, syscall.Close(fd)
}
