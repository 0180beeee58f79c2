package hubremove

import "testing"

func TestLeave(t *testing.T) {
	hub := Start()
	got := make(chan string)
	hub.Join(func(event string) { got <- event })
	hub.Publish("one")
	<-got
	hub.Publish("two")
	hub.Close()
}
