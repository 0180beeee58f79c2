// oracle: leak class=goroutine kind="chan receive" line=33 func=Handle rate=1 driver=call input="big-endian 0xFEEDC0DE, version 2, flag 0x10 in the sixth byte" entries=FuzzHandle
//
// A packet with the magic number, version 2 and the flag for a reply starts a goroutine that waits for that
// reply.

package magic

import (
	"encoding/binary"
	"errors"
	"sync/atomic"
)

const magic = 0xFEEDC0DE

const flagReply = 0x10

var errPacket = errors.New("not a packet")

// Replies is the length of the newest reply.
var Replies atomic.Int64

// Handle takes a packet: magic number, version, flags, text.
func Handle(packet []byte, replies chan string) (string, error) {
	if len(packet) < 6 || binary.BigEndian.Uint32(packet) != magic {
		return "", errPacket
	}
	version, flags, text := packet[4], packet[5], string(packet[6:])
	if version == 2 && flags&flagReply != 0 {
		if replies == nil {
			replies = make(chan string)
		}
		go func() { // culprit
			Replies.Store(int64(len(<-replies)))
		}()
	}
	return text, nil
}
