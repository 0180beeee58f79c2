// oracle: clean entries=TestFirst note="the pings are answered while the clock is moved"
//
// One HTTP/2 connection for all calls, kept alive by pings. The first event of each stream is read.

package http2

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
