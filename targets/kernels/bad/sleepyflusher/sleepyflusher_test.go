package sleepyflusher

import "testing"

func TestWrite(t *testing.T) {
	if n := Write(make([]string, 30)...); n != 30 {
		t.Errorf("%d lines left, want 30", n)
	}
}
