// oracle: delayed entries=TestAsk
//
// Every call has a transport of its own, speaks HTTP/2, and its server ends the connection. The transport still lists the
// connection, but nobody holds the transport any more.

package h2gone

import (
	"io"
	"net/http"
	"net/http/httptest"
)

// Ask asks the server for its answer.
func Ask(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

func serve() *httptest.Server {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "42")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	return server
}
