package stopserver

import (
	"testing"
	"time"
)

func TestStop(t *testing.T) {
	s := Start()
	answered := make(chan string, 1)
	s.Ask("a", func(string) { s.Stop() })
	s.Ask("b", func(answer string) { answered <- answer })
	select {
	case <-answered:
	case <-time.After(time.Millisecond):
	}
}
