// oracle: clean entries=TestFirst
//
// The subscriber closes the stream.

package http2body

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
)

// First returns the first event of a stream of events.
func First(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
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
