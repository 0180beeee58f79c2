// oracle: clean entries=TestProxy
//
// Both connections are closed when either direction has ended.

package halfclosed

import (
	"io"
	"net"
)

// Proxy copies between two connections until one direction ends.
func Proxy(client, server net.Conn) {
	ended := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		go func() {
			io.Copy(pair[0], pair[1])
			ended <- struct{}{}
		}()
	}
	<-ended
	client.Close()
	server.Close()
}
