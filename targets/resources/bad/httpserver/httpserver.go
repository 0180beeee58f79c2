// oracle: leak class=resource kind="http server" line=23 or=35 func=Open rate=1 driver=call entries=TestOpen
//
// Every preview starts a server on a port of its own, and closing the preview forgets the server.

package httpserver

import (
	"io"
	"net"
	"net/http"
	"sync/atomic"
)

// Preview serves one document.
type Preview struct {
	URL    string
	server *http.Server
	closed atomic.Bool
}

// Open starts a preview.
func Open(document string) (*Preview, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // culprit
	if err != nil {
		return nil, err
	}
	p := &Preview{URL: "http://" + listener.Addr().String()}
	p.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.closed.Load() {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, document)
	})}
	go p.server.Serve(listener) // also right
	return p, nil
}

// Close ends the preview.
func (p *Preview) Close() error {
	p.closed.Store(true)
	return nil
}
