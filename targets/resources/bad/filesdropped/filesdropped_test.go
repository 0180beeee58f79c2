package filesdropped

import "testing"

func TestWords(t *testing.T) {
	if n, err := Words("testdata/volume.txt"); err != nil || n != 9 {
		t.Errorf("Words: %d, %v", n, err)
	}
}
