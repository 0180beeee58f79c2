// oracle: leak class=resource kind="http response body" line=17 func=First rate=1 driver=call entries=TestFirst
//
// A subscriber reads the first event of a stream over HTTP/2 and forgets to close it; the stream stays on
// both sides.

package http2body

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
)

// First returns the first event of a stream of events.
func First(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url) // culprit
	if err != nil {
		return "", err
	}
	if resp.ProtoMajor != 2 {
		return "", fmt.Errorf("%s instead of HTTP/2", resp.Proto)
	}
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	return strings.TrimSpace(line), err
}

// Events sends one event and waits for the next until the client goes.
func Events(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, "started")
	http.NewResponseController(w).Flush()
	<-r.Context().Done()
}
