// oracle: not-leak entries=FuzzReverse,TestReverse
//
// A buffer is as large as the largest message so far.

package largestburst

import "sync"

var (
	mu     sync.Mutex
	buffer []byte
)

// Reverse turns a message round in place of the last one.
func Reverse(message []byte) byte {
	mu.Lock()
	defer mu.Unlock()
	if cap(buffer) < len(message) {
		buffer = make([]byte, len(message))
	}
	buffer = buffer[:len(message)]
	for i, b := range message {
		buffer[len(buffer)-1-i] = b
	}
	if len(buffer) == 0 {
		return 0
	}
	return buffer[0]
}
