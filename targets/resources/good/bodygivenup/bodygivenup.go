// oracle: clean entries=TestStatus,TestPatient
//
// Bodies are closed before their requests are given up.

package bodygivenup

import (
	"context"
	"net/http"
	"time"
)

// Status asks for a page and gives the request up when it knows the status.
func Status(url string) (int, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

var patient = &http.Client{Timeout: 30 * time.Second}

// Patient lets the time-out of its client end the connection.
func Patient(url string) (int, error) {
	resp, err := patient.Get(url)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}
