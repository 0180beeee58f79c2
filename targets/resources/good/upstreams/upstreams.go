// oracle: clean entries=TestUpdate
//
// Every update of the routes makes a transport, in one function; a request uses it, in another. Idle connections of those that
// were replaced are closed.

package upstreams

import (
	"io"
	"net/http"
	"sync/atomic"
)

type upstream struct {
	url       string
	transport *http.Transport
}

var current atomic.Pointer[upstream]

func newUpstream(url string) *upstream {
	return &upstream{url, &http.Transport{}}
}

// Update sends requests elsewhere from now on.
func Update(url string) {
	if old := current.Swap(newUpstream(url)); old != nil {
		old.transport.CloseIdleConnections()
	}
}

// Get returns what the upstream says.
func Get() (string, error) {
	upstream := current.Load()
	request, err := http.NewRequest(http.MethodGet, upstream.url, nil)
	if err != nil {
		return "", err
	}
	resp, err := upstream.transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return string(page), err
}
