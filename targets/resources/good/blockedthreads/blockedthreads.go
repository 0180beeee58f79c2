// oracle: clean entries=TestConnect
//
// The writing end of the pipe is closed, so the read returns.

package blockedthreads

import (
	"sync/atomic"
	"syscall"
)

var calls atomic.Int64

// Watch waits in the background for the end of the other side, by a read that the runtime knows nothing of.
func Watch(ended *atomic.Int64) (hangUp func(), err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, err
	}
	go func() {
		defer syscall.Close(ends[0])
		buffer := make([]byte, 1)
		if n, _ := syscall.Read(ends[0], buffer); n == 0 {
			ended.Add(1)
		}
	}()
	return func() { syscall.Close(ends[1]) }, nil
}

// Connect watches one connection in sixteen.
func Connect(ended *atomic.Int64) error {
	if calls.Add(1)%16 != 0 {
		return nil
	}
	hangUp, err := Watch(ended)
	if err != nil {
		return err
	}
	hangUp()
	return nil
}
