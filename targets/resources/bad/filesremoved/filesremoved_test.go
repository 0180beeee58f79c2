package filesremoved

import (
	"path/filepath"
	"testing"
)

func TestRender(t *testing.T) {
	if err := Render(filepath.Join(t.TempDir(), "report.txt"), 300); err != nil {
		t.Error(err)
	}
}
