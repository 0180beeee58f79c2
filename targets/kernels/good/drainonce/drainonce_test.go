package drainonce

import "testing"

func TestHead(t *testing.T) {
	line := Head(func(emit func(string) bool) {
		for _, line := range []string{"title", "text"} {
			if !emit(line) {
				return
			}
		}
	})
	if line != "title" {
		t.Errorf("Head: %q", line)
	}
}
