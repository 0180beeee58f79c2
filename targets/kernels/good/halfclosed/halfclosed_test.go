package halfclosed

import (
	"net"
	"testing"
)

func TestProxy(t *testing.T) {
	clientEnd, client := net.Pipe()
	serverEnd, server := net.Pipe()
	_ = serverEnd
	go func() {
		clientEnd.Close()
	}()
	Proxy(client, server)
}
