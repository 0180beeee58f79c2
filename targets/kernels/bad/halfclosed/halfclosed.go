// oracle: leak class=goroutine kind=select line=16 func=Proxy rate=1 driver=call entries=TestProxy
//
// A proxy that has seen the end of one direction returns and forgets the other direction's copy.

package halfclosed

import (
	"io"
	"net"
)

// Proxy copies between two connections until one direction ends.
func Proxy(client, server net.Conn) {
	ended := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		go func() { // culprit
			io.Copy(pair[0], pair[1])
			ended <- struct{}{}
		}()
	}
	<-ended
}
