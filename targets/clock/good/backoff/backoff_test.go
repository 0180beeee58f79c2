package backoff

import (
	"sync"
	"testing"
)

var shared = sync.OnceValue(Dial)

func TestDial(t *testing.T) {
	if shared() == nil {
		t.Fatal("nothing was dialled")
	}
	Dial().Close()
}
