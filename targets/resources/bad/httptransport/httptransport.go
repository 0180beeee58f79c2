// oracle: leak class=resource kind="http transport" line=14 func=Fetch rate=1 driver=call note="a collector that closes the idle connections of all transports must count the transports" entries=TestFetch
//
// Every call makes a transport of its own, whose idle connection is kept for ever and never used again.

package httptransport

import (
	"io"
	"net/http"
)

// Fetch returns a page.
func Fetch(url string) (string, error) {
	client := http.Client{Transport: &http.Transport{}} // culprit
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return string(page), err
}
