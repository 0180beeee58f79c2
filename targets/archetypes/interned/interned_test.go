package interned

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzUse(f *testing.F) {
	f.Add("text")
	f.Fuzz(func(t *testing.T, text string) {
		same, free := Use(text)
		defer free()
		if same != text {
			t.Errorf("Use(%q) = %q", text, same)
		}
	})
}

var texts atomic.Int64

func TestUse(t *testing.T) {
	_, free := Use(fmt.Sprint("text ", texts.Add(1)))
	free()
}
