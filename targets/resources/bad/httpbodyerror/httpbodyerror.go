// oracle: leak class=resource kind="http response body" line=29 func=Client.Fetch rate=1 driver=call entries=TestMissing
// oracle: leak class=resource kind="http response body" line=29 func=Client.Fetch rate=0..1 driver=call input="any name but index" entries=FuzzFetch
// oracle: clean entries=TestIndex
//
// The body of an answer is closed on the good path only.

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
	resp, err := c.http.Get(c.base + "/" + url.PathEscape(name)) // culprit
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	defer resp.Body.Close()
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
