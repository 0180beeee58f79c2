// oracle: leak class=resource kind="http response body" line=30 func=Gate.ServeHTTP rate=1 driver=call entries=TestGate
//
// A proxy calls the transport itself and passes on the head of an answer, but not its body, which stays open.

package roundtrip

import (
	"io"
	"net/http"
	"strings"
)

// Gate passes requests on to a backend if the backend allows them.
type Gate struct {
	backend   string
	transport http.RoundTripper
}

// NewGate returns a gate before the backend at a host.
func NewGate(backend string) *Gate {
	return &Gate{backend: backend, transport: &http.Transport{}}
}

// ServeHTTP answers with the status of the backend.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.URL.Scheme = "http"
	out.URL.Host = g.backend
	out.RequestURI = ""
	resp, err := g.transport.RoundTrip(out) // culprit
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(resp.StatusCode)
}

// Backend allows everything but says much about it.
func Backend(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, strings.Repeat("allowed ", 64))
}
