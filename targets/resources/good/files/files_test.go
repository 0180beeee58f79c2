package files

import "testing"

func TestBroken(t *testing.T) {
	if _, err := Title("testdata/broken.txt"); err != errHeader {
		t.Error(err)
	}
}

func TestHeader(t *testing.T) {
	if title, err := Title("testdata/volume.txt"); err != nil || title != "A Volume" {
		t.Errorf("Title: %q, %v", title, err)
	}
}
