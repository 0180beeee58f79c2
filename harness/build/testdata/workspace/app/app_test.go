package app

import (
	"testing"

	"example.com/lib"
)

func TestName(t *testing.T) {
	if lib.Name() != "lib" {
		t.Fatal(lib.Name())
	}
}
