// oracle: leak class=cache kind=map line=31 func=Write rate=1/2 driver=call entries=FuzzWrite,TestWrite
//
// Every call adds to a buffer that is flushed at 100 entries; every second call also keeps something for
// good.

package underflush

import "sync"

type entry struct {
	seq  uint64
	text [48]byte
}

var (
	mu     sync.Mutex
	seq    uint64
	buffer []*entry
	index  = map[uint64]*entry{}
)

// Write buffers a text; every second one goes to the index as well.
func Write(text string) {
	mu.Lock()
	defer mu.Unlock()
	seq++
	e := &entry{seq: seq}
	copy(e.text[:], text)
	buffer = append(buffer, e)
	if seq%2 == 0 {
		index[seq] = &entry{seq: seq} // culprit
	}
	if len(buffer) >= 100 {
		buffer = nil
	}
}
