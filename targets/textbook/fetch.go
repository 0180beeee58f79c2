// oracle: leak class=goroutine kind="chan receive" line=28 func=Start rate=1 driver=call entries=FuzzFetch,TestFetch
//
// Every fetch starts a watcher that waits for the result, to count it. Nobody sends the result.

package textbook

import (
	"errors"
	"strings"
	"sync/atomic"
)

// ErrEmptyPath is returned for a path without a document name.
var ErrEmptyPath = errors.New("fetch: empty path")

// Fetched counts the bytes of all documents whose fetch has ended.
var Fetched atomic.Int64

// Fetch is one request for a document that is under way.
type Fetch struct {
	path   string
	result chan []byte
}

// Start begins a fetch and watches over its end in the background.
func Start(path string) *Fetch {
	f := &Fetch{path: path, result: make(chan []byte)}
	go func() { // culprit
		body := <-f.result
		Fetched.Add(int64(len(body)))
	}()
	return f
}

// Load returns the document.
func (f *Fetch) Load() ([]byte, error) {
	name := strings.Trim(f.path, "/")
	if name == "" {
		return nil, ErrEmptyPath
	}
	return []byte("document " + name + "\n"), nil
}

// Handle serves one request for a document.
func Handle(path string) ([]byte, error) {
	return Start(path).Load()
}
