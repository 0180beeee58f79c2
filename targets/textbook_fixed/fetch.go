// oracle: clean entries=FuzzFetch,TestFetch
//
// Every fetch starts a watcher that waits for the result, to count it; Load sends it in every case.

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
	f := &Fetch{path: path, result: make(chan []byte, 1)}
	go func() {
		body := <-f.result
		Fetched.Add(int64(len(body)))
	}()
	return f
}

// Load returns the document.
func (f *Fetch) Load() (body []byte, err error) {
	defer func() { f.result <- body }()
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
