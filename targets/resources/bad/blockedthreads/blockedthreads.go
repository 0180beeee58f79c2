// oracle: leak class=resource kind="os thread" line=21 or=18 func=Watch rate=1/16 driver=call entries=TestConnect
//
// One call in sixteen leaves a goroutine in a system call that never returns, and with it a thread and two
// descriptors.

package blockedthreads

import (
	"sync/atomic"
	"syscall"
)

var calls atomic.Int64

// Watch waits in the background for the end of the other side, by a read that the runtime knows nothing of.
func Watch(ended *atomic.Int64) (hangUp func(), err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil { // also right
		return nil, err
	}
	go func() { // culprit
		defer syscall.Close(ends[0])
		buffer := make([]byte, 1)
		if n, _ := syscall.Read(ends[0], buffer); n == 0 {
			ended.Add(1)
		}
	}()
	return func() {}, nil
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
