// oracle: clean entries=FuzzFormat,TestFormat
//
// Buffers go back to a sync.Pool, which two garbage collections empty.

package syncpool

import (
	"bytes"
	"fmt"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Format returns a record as one line.
func Format(name string, value int) string {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	fmt.Fprintf(b, "%s=%d\n", name, value)
	return b.String()
}
