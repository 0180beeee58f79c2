// oracle: clean entries=TestHeader
//
// github.com/pierrec/lz4/v4 v4.1.28: with concurrency, a Reset before the end of the stream leaves the goroutines that read
// ahead on their channels for ever. https://github.com/pierrec/lz4/pull/255, v4.1.33
package frames

import (
	"bytes"
	"io"
	"math/rand"
	"sync"
	"testing"

	"github.com/pierrec/lz4/v4"
)

// One for all calls: a sync.Pool drops readers at a collection, and what they read ahead with stays in any version.
var reader = sync.OnceValue(func() *lz4.Reader {
	reader := lz4.NewReader(nil)
	if err := reader.Apply(lz4.ConcurrencyOption(4)); err != nil {
		panic(err)
	}
	return reader
})

// Header reads the first bytes of a compressed stream, with the reader of all calls.
func Header(r io.Reader) ([]byte, error) {
	reader := reader()
	reader.Reset(r)
	header := make([]byte, 16)
	_, err := io.ReadFull(reader, header)
	return header, err
}

var stream = sync.OnceValue(func() []byte {
	data := make([]byte, 1<<20)
	rand.New(rand.NewSource(1)).Read(data)
	var compressed bytes.Buffer
	writer := lz4.NewWriter(&compressed)
	if err := writer.Apply(lz4.BlockSizeOption(lz4.Block64Kb)); err != nil {
		panic(err)
	}
	if _, err := writer.Write(data); err != nil {
		panic(err)
	}
	if err := writer.Close(); err != nil {
		panic(err)
	}
	return compressed.Bytes()
})

func TestHeader(t *testing.T) {
	header, err := Header(bytes.NewReader(stream()))
	if err != nil || len(header) != 16 {
		t.Fatal(header, err)
	}
}
