package clibrary

import "testing"

func TestCount(t *testing.T) {
	if n := Count("three small words"); n != 3 {
		t.Errorf("%d words, want 3", n)
	}
	if n := Count("as many words as are too many"); n != -1 {
		t.Errorf("%d words, want -1", n)
	}
}
