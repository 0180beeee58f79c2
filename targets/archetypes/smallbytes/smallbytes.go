// oracle: leak class=cache kind=list line=28 func=Push rate=1 bytes=64 driver=call entries=FuzzPush,TestPush
//
// 64 bytes are kept per call, in a heap whose other contents change by 32 KiB.

package smallbytes

import (
	"math/rand/v2"
	"sync"
)

type node struct {
	next *node
	data [56]byte
}

var (
	mu      sync.Mutex
	head    *node
	buffers [8][]byte
)

// Push keeps some bytes of a packet, and works on it in a buffer of any size.
func Push(packet []byte) {
	mu.Lock()
	defer mu.Unlock()
	buffers[rand.N(len(buffers))] = make([]byte, rand.N(8<<10))
	n := &node{next: head} // culprit
	copy(n.data[:], packet)
	head = n
}
