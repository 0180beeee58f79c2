// oracle: clean entries=FuzzClient,TestClient
//
// The health check reads the rest of the answer and closes it, so that its connection serves the next check.

package textbook

import (
	"context"
	"fmt"
	"io"
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
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("check %s: %w", component, err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
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
