// oracle: clean entries=TestGet
//
// The client closes the body of a try before the next one.

package retried

import (
	"fmt"
	"io"
	"net/http"
)

// Doer is an http.Client, or something around it.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Retrying tries again when the server is busy.
type Retrying struct {
	Doer
	Max int
}

// Do is Doer.Do.
func (r *Retrying) Do(req *http.Request) (*http.Response, error) {
	var resp *http.Response
	var err error
	for i := 1; i <= r.Max; i++ {
		resp, err = r.Doer.Do(req)
		if err != nil {
			continue
		}
		if resp.StatusCode != http.StatusServiceUnavailable {
			return resp, nil
		}
		if i < r.Max {
			resp.Body.Close()
		}
	}
	return resp, err
}

// Get returns the text at url.
func Get(c Doer, url string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", url, resp.Status)
	}
	return string(text), err
}
