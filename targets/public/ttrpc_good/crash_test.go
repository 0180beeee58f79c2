// oracle: clean entries=TestCrashingClient
//
// github.com/containerd/ttrpc v1.1.0: a connection that the client reset is neither given up nor closed.
// https://github.com/containerd/containerd/pull/8308, v1.1.2
package crash

import (
	"context"
	"log"
	"net"
	"sync"
	"testing"

	"github.com/containerd/ttrpc"
)

// NewServer serves the agent's services.
func NewServer(listener net.Listener) (*ttrpc.Server, error) {
	server, err := ttrpc.NewServer()
	if err != nil {
		return nil, err
	}
	go func() {
		err := server.Serve(context.Background(), listener)
		log.Println("the server has ended:", err)
	}()
	return server, nil
}

var address = sync.OnceValue(func() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	if _, err := NewServer(listener); err != nil {
		panic(err)
	}
	return listener.Addr().String()
})

func TestCrashingClient(t *testing.T) {
	conn, err := net.Dial("tcp", address())
	if err != nil {
		t.Fatal(err)
	}
	// A process that dies with data in flight resets its connections.
	conn.(*net.TCPConn).SetLinger(0)
	if _, err := conn.Write([]byte{0, 0, 0, 100}); err != nil {
		t.Error(err)
	}
	conn.Close()
}
