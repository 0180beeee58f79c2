// oracle: clean entries=TestOpen
//
// Closing the preview closes its server.

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
	listener, err := net.Listen("tcp", "127.0.0.1:0")
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
	go p.server.Serve(listener)
	return p, nil
}

// Close ends the preview.
func (p *Preview) Close() error {
	p.closed.Store(true)
	return p.server.Close()
}
