// oracle: leak class=goroutine kind=select line=16 func=Check rate=1 driver=call entries=TestBroken
// oracle: leak class=goroutine kind=select line=16 func=Check rate=0..1 driver=call input="not JSON" entries=FuzzCheck
//
// The decoder stops at a broken document and leaves the compressor blocked in its write to the pipe.

package pipeabandoned

import (
	"encoding/json"
	"io"
)

// Check reports whether the parts together are a JSON document.
func Check(parts []string) error {
	r, w := io.Pipe()
	go func() { // culprit
		for _, part := range parts {
			if _, err := io.WriteString(w, part); err != nil {
				return
			}
		}
		w.Close()
	}()
	decoder := json.NewDecoder(r)
	for {
		var value any
		err := decoder.Decode(&value)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
