package dualstack

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A server that waits for its clients to go.
var port = sync.OnceValue(func() string {
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(io.Discard, conn)
				conn.Close()
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
})

func TestConnect(t *testing.T) {
	if err := Connect(port()); err != nil {
		t.Fatal(err)
	}
}
