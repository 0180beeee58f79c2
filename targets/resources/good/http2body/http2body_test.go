package http2body

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var server = sync.OnceValue(func() *httptest.Server {
	s := httptest.NewUnstartedServer(http.HandlerFunc(Events))
	s.EnableHTTP2 = true
	s.StartTLS()
	return s
})

func TestFirst(t *testing.T) {
	event, err := First(server().Client(), server().URL)
	if err != nil || event != "started" {
		t.Errorf("First: %q, %v", event, err)
	}
}
