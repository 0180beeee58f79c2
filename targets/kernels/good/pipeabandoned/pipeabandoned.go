// oracle: clean entries=FuzzCheck,TestBroken
//
// The reading end of the pipe is closed with the error, which wakes the writer.

package pipeabandoned

import (
	"encoding/json"
	"io"
)

// Check reports whether the parts together are a JSON document.
func Check(parts []string) error {
	r, w := io.Pipe()
	go func() {
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
			r.CloseWithError(err)
			return err
		}
	}
}
