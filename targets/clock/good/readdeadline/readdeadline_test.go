package readdeadline

import (
	"net"
	"sync"
	"testing"
)

var addr = sync.OnceValue(func() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go Serve(listener)
	return listener.Addr().String()
})

func TestTalk(t *testing.T) {
	if answer, err := Talk(addr(), "hello"); err != nil || answer != "hello" {
		t.Errorf("Talk: %q, %v", answer, err)
	}
}
