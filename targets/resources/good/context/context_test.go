package context

import "testing"

var server = NewServer()

func TestHandle(t *testing.T) {
	if n := server.Handle("one two"); n != 2 {
		t.Errorf("%d words", n)
	}
}
