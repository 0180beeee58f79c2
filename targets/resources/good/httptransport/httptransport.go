// oracle: clean entries=TestFetch
//
// All calls share one transport.

package httptransport

import (
	"io"
	"net/http"
)

var client = http.Client{Transport: &http.Transport{}}

// Fetch returns a page.
func Fetch(url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return string(page), err
}
