// oracle: leak class=cache kind=map line=44 func=Receive rate=1 driver=call input="a frame of a kind byte 'd', an empty body and its CRC-32" entries=FuzzReceive
//
// A frame whose checksum is right is taken; one with an empty body is taken and never finished.

package checksum

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync"
)

type frame struct {
	kind  byte
	body  []byte
	since [64]byte
}

var errChecksum = errors.New("wrong checksum")

var (
	mu      sync.Mutex
	next    int
	pending = map[int]*frame{}
)

// Receive takes a frame: a kind, a body, and the CRC-32 of both.
func Receive(data []byte) (int, error) {
	if len(data) < 5 {
		return 0, errChecksum
	}
	body, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return 0, errChecksum
	}
	if body[0] != 'd' {
		return 0, nil
	}
	mu.Lock()
	defer mu.Unlock()
	next++
	id := next
	pending[id] = &frame{kind: body[0], body: body[1:]} // culprit
	if len(body) == 1 {
		return 0, nil
	}
	delete(pending, id)
	return len(body) - 1, nil
}
