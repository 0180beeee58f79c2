// oracle: leak class=resource kind="http response body" line=33 func=Client.Check rate=1 driver=call entries=FuzzClient,TestClient
//
// The health check looks at the status alone and forgets the response body, so neither the connection nor the
// two goroutines that serve it can ever be used again.

package textbook

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Client asks a service for its health.
type Client struct {
	base string
	http *http.Client
}

// NewClient returns a client of the service at the base URL.
func NewClient(base string) *Client {
	return &Client{base: base, http: &http.Client{Transport: &http.Transport{}}}
}

// Check reports whether a component of the service is up.
func (c *Client) Check(ctx context.Context, component string) error {
	target := c.base + "/health?component=" + url.QueryEscape(component)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return fmt.Errorf("check %s: %w", component, err)
	}
	resp, err := c.http.Do(req) // culprit
	if err != nil {
		return fmt.Errorf("check %s: %w", component, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("check %s: %s", component, resp.Status)
	}
	return nil
}

// Health is the service's side of Check.
func Health(w http.ResponseWriter, r *http.Request) {
	component := r.URL.Query().Get("component")
	if component == "" {
		http.Error(w, "component is missing", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "{%q: \"up\"}\n", component)
}
