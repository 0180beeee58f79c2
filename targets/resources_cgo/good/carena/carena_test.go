package carena

import (
	"strings"
	"testing"
)

func TestCopy(t *testing.T) {
	document := strings.Repeat("text ", 3000)
	if n := Copy(document); n != len(document) {
		t.Errorf("%d bytes copied", n)
	}
}
