package unsubscribe

import "testing"

func TestOnce(t *testing.T) {
	var bus Bus
	got := make(chan string)
	bus.Once(func(event string) { got <- event })
	bus.Publish("start", "stop")
	<-got
}
