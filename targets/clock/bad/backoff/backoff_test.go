package backoff

import "testing"

func TestDial(t *testing.T) {
	if Dial() == nil {
		t.Fatal("nothing was dialled")
	}
}
