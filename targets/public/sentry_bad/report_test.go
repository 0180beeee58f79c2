// oracle: leak class=goroutine kind="chan receive" line=20 func=ReportTo rate=1 driver=call entries=FuzzReport
//
// github.com/getsentry/sentry-go v0.30.0: the worker of an HTTP transport ranges over a channel that is never closed, and a
// client can't be closed. https://github.com/getsentry/sentry-go/issues/731, v0.31.1
package report

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getsentry/sentry-go"
)

// ReportTo sends one message to the project of a tenant. Connections are shared.
func ReportTo(dsn, message string) error {
	client, err := sentry.NewClient(sentry.ClientOptions{Dsn: dsn, HTTPTransport: http.DefaultTransport}) // culprit
	if err != nil {
		return err
	}
	if closer, ok := any(client).(interface{ Close() }); ok {
		defer closer.Close()
	}
	hub := sentry.NewHub(client, sentry.NewScope())
	hub.CaptureMessage(message)
	client.Flush(2 * time.Second)
	return nil
}

var server = sync.OnceValue(func() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
})

func FuzzReport(f *testing.F) {
	f.Add("disk is full")
	f.Fuzz(func(t *testing.T, message string) {
		if err := ReportTo(strings.Replace(server().URL, "://", "://key@", 1)+"/1", message); err != nil {
			t.Error(err)
		}
	})
}
