// oracle: not-leak entries=TestProbe,TestBadMethod
//
// Every call talks to a server of its own, on a port of its own, through the transport that all share. What the transport keeps
// of a host that will never be asked again is no growth of the caller's.

package newhosts

import (
	"fmt"
	"net/http"
)

// Probe reports whether the server at the base URL is well. It does not read what the server says.
func Probe(base string) error {
	resp, err := http.Get(base + "/health")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", base, resp.Status)
	}
	return nil
}
