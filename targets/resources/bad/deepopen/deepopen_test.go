package deepopen

import (
	"os"
	"testing"
)

func TestRender(t *testing.T) {
	if err := Render(os.DevNull); err != nil {
		t.Fatal(err)
	}
}
