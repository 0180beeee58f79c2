// oracle: leak class=resource kind="C memory" line=19 func=Arena.Alloc rate=1 bytes=8192 driver=call entries=TestCopy
//
// An arena of C memory is made for every document, and only its first block is freed.

package carena

// #include <stdlib.h>
import "C"

import "unsafe"

const blockSize = 8192

// Arena hands out C memory in blocks.
type Arena struct{ blocks []unsafe.Pointer }

// Alloc returns a new block.
func (a *Arena) Alloc() []byte {
	p := C.malloc(blockSize) // culprit
	a.blocks = append(a.blocks, p)
	return unsafe.Slice((*byte)(p), blockSize)
}

// Free gives back all blocks.
func (a *Arena) Free() {
	C.free(a.blocks[0])
	a.blocks = nil
}

// Copy copies a document to C and returns the length of what has arrived.
func Copy(document string) int {
	var arena Arena
	defer arena.Free()
	n := 0
	for len(document) > 0 {
		k := copy(arena.Alloc(), document)
		document = document[k:]
		n += k
	}
	return n
}
