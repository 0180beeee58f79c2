package sendunderlock

import "testing"

func TestBoard(t *testing.T) {
	b := New()
	b.Announce("hello")
	b.Clean()
	b.Close()
}
