package cmemory

import (
	"strings"
	"testing"
)

func TestHash(t *testing.T) {
	if h := Hash(strings.Repeat("a", 4095)); h == 0 {
		t.Error("no hash")
	}
}
