package groupwait

import "testing"

func TestHub(t *testing.T) {
	h := New()
	defer h.Close()
	c := h.Subscribe()
	h.Publish("one")
	<-c
	h.Publish("two")
}
