// oracle: clean entries=FuzzChecksum,TestChecksum,BenchmarkChecksum,ExampleChecksum
//
// Nothing is kept at all.

package flat

import (
	"hash/crc32"
	"strings"
)

// Checksum returns a checksum of some text.
func Checksum(text string) uint32 {
	sum := uint32(0)
	for _, word := range strings.Fields(text) {
		sum = sum*31 + crc32.ChecksumIEEE([]byte(word))
	}
	return sum
}
