package duplicated

import (
	"net"
	"os"
	"sync"
	"testing"
)

var socket = sync.OnceValue(func() *net.UDPConn {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	return c.(*net.UDPConn)
})

var file = sync.OnceValue(func() *os.File {
	f, err := os.Open("duplicated.go")
	if err != nil {
		panic(err)
	}
	return f
})

func TestDescriptor(t *testing.T) {
	if _, err := Descriptor(socket()); err != nil {
		t.Error(err)
	}
}

func TestSecond(t *testing.T) {
	if ok, err := Second(file()); !ok || err != nil {
		t.Error(ok, err)
	}
}
