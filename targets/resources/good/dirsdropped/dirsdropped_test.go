package dirsdropped

import "testing"

func TestNames(t *testing.T) {
	if names, err := Names("testdata", ".txt"); err != nil || len(names) != 1 {
		t.Errorf("Names: %q, %v", names, err)
	}
}
