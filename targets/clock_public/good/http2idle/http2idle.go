// oracle: clean entries=TestFirst note="two idle minutes cost the connection: judged in real time"
//
// One HTTP/2 connection for all calls, which the server gives up after 60 idle seconds. The first event of each stream is read.

package http2idle

import (
	"bufio"
	"net/http"

	"golang.org/x/net/http2"
)

// First returns the first event of a stream of events.
func First(conn *http2.ClientConn, request *http.Request) (string, error) {
	resp, err := conn.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	return bufio.NewReader(resp.Body).ReadString('\n')
}
