// oracle: clean entries=FuzzFetch,TestMissing,TestIndex
//
// The body is closed on every path.

package httpbodyerror

import (
	"errors"
	"io"
	"net/http"
	"net/url"
)

// Client fetches pages.
type Client struct {
	base string
	http http.Client
}

// NewClient returns a client of the server at the base URL.
func NewClient(base string) *Client {
	return &Client{base: base, http: http.Client{Transport: &http.Transport{}}}
}

// Fetch returns a page.
func (c *Client) Fetch(name string) ([]byte, error) {
	resp, err := c.http.Get(c.base + "/" + url.PathEscape(name))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		io.Copy(io.Discard, resp.Body)
		return nil, errors.New(resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// Page serves one page.
func Page(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/index" {
		http.Error(w, "there is no such page", http.StatusNotFound)
		return
	}
	io.WriteString(w, "<h1>index</h1>\n")
}
