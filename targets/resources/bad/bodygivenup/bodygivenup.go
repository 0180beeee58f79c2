// oracle: gc-only class=resource kind="http response body" line=22 func=Status rate=1 driver=call entries=TestStatus
// oracle: gc-only class=resource kind="http response body" line=33 func=Patient rate=1 driver=call entries=TestPatient
//
// Bodies that nobody closes, of requests that are given up: the transport ends their connections, so nothing stays.

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
	resp, err := http.DefaultClient.Do(req) // culprit
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

var patient = &http.Client{Timeout: 30 * time.Second}

// Patient lets the time-out of its client end the connection.
func Patient(url string) (int, error) {
	resp, err := patient.Get(url) // culprit
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}
