package ackrace

import "testing"

func TestClose(t *testing.T) {
	received := make(chan string)
	b := Start(received)
	acked := b.Publish("one")
	<-received
	<-acked
	b.Publish("two")
	<-received
	b.Close()
}
