// oracle: leak class=cache kind=map line=39 or=37,38 func=Lookup rate=1 driver=key entries=FuzzLookup
// oracle: leak class=cache kind=map line=39 or=37,38 func=Lookup rate=1 driver=call entries=TestNewHost
//
// A cache without a bound, in a heap whose other contents wander by a hundred kilobytes.

package freshkeysnoise

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"sync"
)

type answer struct {
	host    string
	address [4]byte
	text    []byte
}

var (
	mu      sync.Mutex
	answers = map[string]*answer{}
	scratch [64][]byte // buffers of other work, of random sizes
)

// Lookup returns the made-up address of a host.
func Lookup(host string) [4]byte {
	mu.Lock()
	defer mu.Unlock()
	scratch[rand.N(len(scratch))] = make([]byte, rand.N(4096))
	if a, ok := answers[host]; ok {
		return a.address
	}
	sum := crc32.ChecksumIEEE([]byte(host))
	a := &answer{host: strings.Clone(host), address: [4]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)}} // also right
	a.text = fmt.Append(nil, a.address)                                                                                    // also right
	answers[a.host] = a                                                                                                    // culprit
	return a.address
}
