package groupwait

import "testing"

func TestHub(t *testing.T) {
	h := &Hub{}
	c := h.Subscribe()
	h.Publish("one")
	<-c
	h.Publish("two")
}
