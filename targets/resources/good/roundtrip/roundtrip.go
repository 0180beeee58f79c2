// oracle: clean entries=TestGate
//
// The proxy closes the body.

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
	resp, err := g.transport.RoundTrip(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	w.WriteHeader(resp.StatusCode)
}

// Backend allows everything but says much about it.
func Backend(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusAccepted)
	io.WriteString(w, strings.Repeat("allowed ", 64))
}
