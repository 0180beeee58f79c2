// oracle: leak class=goroutine kind=select line=16 func=First rate=1..4 driver=call entries=TestFirst
//
// One HTTP/2 connection for all calls, kept alive by pings. The first event of each stream is read, and the stream is left open.

package http2

import (
	"bufio"
	"net/http"

	"golang.org/x/net/http2"
)

// First returns the first event of a stream of events.
func First(conn *http2.ClientConn, request *http.Request) (string, error) {
	resp, err := conn.RoundTrip(request) // culprit
	if err != nil {
		return "", err
	}
	return bufio.NewReader(resp.Body).ReadString('\n')
}
