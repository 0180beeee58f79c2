// oracle: leak class=resource kind="http transport" line=22 func=newUpstream rate=1 driver=call note="a tool that names where a transport is used first names the request, where nothing is to be mended" entries=TestUpdate
//
// Every update of the routes makes a transport, in one function; a request uses it, in another. Idle connections of those that
// were replaced are kept for ever.

package upstreams

import (
	"io"
	"net/http"
	"sync/atomic"
)

type upstream struct {
	url       string
	transport http.RoundTripper
}

var current atomic.Pointer[upstream]

func newUpstream(url string) *upstream {
	return &upstream{url, &http.Transport{}} // culprit
}

// Update sends requests elsewhere from now on.
func Update(url string) { current.Store(newUpstream(url)) }

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
