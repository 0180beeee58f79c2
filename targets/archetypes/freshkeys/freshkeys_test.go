package freshkeys

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzTranslate(f *testing.F) {
	f.Add("stressed")
	f.Fuzz(func(t *testing.T, word string) { Translate(word) })
}

var words atomic.Int64

func TestNewWord(t *testing.T) { Translate(fmt.Sprint("word number ", words.Add(1))) }

func TestOldWord(t *testing.T) {
	if got := Translate("stressed"); got != "desserts" {
		t.Errorf("Translate: %q", got)
	}
}
