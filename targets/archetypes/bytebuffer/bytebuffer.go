// oracle: leak class=cache kind=slice line=25 func=Trace rate=1 bytes=40..60 driver=call entries=TestTrace
// oracle: clean entries=TestLog
//
// Every call writes a line into a bytes.Buffer of the package, which doubles of itself. One buffer is never emptied; the other is
// whenever it holds 64 KiB.

package bytebuffer

import (
	"bytes"
	"fmt"
	"sync"
)

var (
	mu    sync.Mutex
	trace bytes.Buffer
	log   bytes.Buffer
)

// Trace notes a request, for ever.
func Trace(id int) {
	mu.Lock()
	defer mu.Unlock()
	fmt.Fprintf(&trace, "request %08d: served from the cache\n", id) // culprit
}

// Log notes a request until the next flush.
func Log(id int) {
	mu.Lock()
	defer mu.Unlock()
	fmt.Fprintf(&log, "request %08d: served from the cache\n", id)
	if log.Len() > 64<<10 {
		log.Reset()
	}
}
