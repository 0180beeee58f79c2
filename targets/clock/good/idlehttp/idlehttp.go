// oracle: clean entries=TestPost note="both ends give up the idle connection when the clock is moved; a POST may not be sent twice"
//
// A client posts over connections that it keeps for 90 idle seconds to a server that keeps them for 60.

package idlehttp

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// Client posts notes; its transport is no global that a test could close.
type Client struct {
	http http.Client
	url  string
}

// NewClient returns a client of the server at a URL.
func NewClient(url string) *Client {
	return &Client{http.Client{Transport: &http.Transport{IdleConnTimeout: 90 * time.Second}, Timeout: 10 * time.Second}, url}
}

// Post sends a note and returns the answer.
func (c *Client) Post(note string) (string, error) {
	resp, err := c.http.Post(c.url, "text/plain", strings.NewReader(note))
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return string(answer), err
}
