package session

import (
	"io"
	"net"
	"testing"
)

// listen starts a peer that sends one line to whoever connects, until he goes.
func listen(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.WriteString(conn, "hello\n")
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func TestFirst(t *testing.T) {
	line, err := First(listen(t))
	if err != nil || line != "hello" {
		t.Fatal(line, err)
	}
}

func TestRemember(t *testing.T) {
	if err := Remember(listen(t)); err != nil {
		t.Fatal(err)
	}
}
