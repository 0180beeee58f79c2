// oracle: not-leak entries=FuzzAppend,TestAppend
//
// Entries are kept in blocks of 256, at most eight of them; the oldest block makes room.

package blocks

import "sync"

const (
	blockSize = 256
	maxBlocks = 8
)

type block struct {
	entries [blockSize][64]byte
	used    int
}

var (
	mu     sync.Mutex
	blocks []*block
)

// Append adds an entry.
func Append(entry []byte) {
	mu.Lock()
	defer mu.Unlock()
	n := len(blocks)
	if n == 0 || blocks[n-1].used == blockSize {
		if n == maxBlocks {
			blocks = append(blocks[:0], blocks[1:]...)
		}
		blocks = append(blocks, new(block))
		n = len(blocks)
	}
	b := blocks[n-1]
	copy(b.entries[b.used][:], entry)
	b.used++
}
