// oracle: leak class=resource kind="mapped memory" line=22 func=Magic rate=1 bytes=16384 driver=call entries=TestMagic
//
// A segment is mapped for a look at its first byte, and never unmapped; no collector of the heap ever sees
// it.

package mappedmemory

import (
	"os"
	"syscall"
)

const segmentSize = 16 << 10

// Magic returns the first bytes of a segment.
func Magic(path string) ([4]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return [4]byte{}, err
	}
	defer file.Close()
	segment, err := syscall.Mmap(int(file.Fd()), 0, segmentSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE) // culprit
	if err != nil {
		return [4]byte{}, err
	}
	for page := 0; page < segmentSize; page += 4096 {
		segment[page+8]++ // a private copy of the page
	}
	return [4]byte(segment), nil
}
