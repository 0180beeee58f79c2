package poolnotclosed

import "testing"

func TestThumbnails(t *testing.T) {
	sizes := Thumbnails([][]byte{make([]byte, 8), make([]byte, 80)})
	if sizes[0] != 2 || sizes[1] != 20 {
		t.Errorf("sizes %v", sizes)
	}
}
