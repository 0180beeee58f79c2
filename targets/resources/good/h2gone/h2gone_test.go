package h2gone

import (
	"net/http"
	"testing"
)

func TestAsk(t *testing.T) {
	server := serve()
	defer server.Close()
	transport := server.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	if _, err := Ask(&http.Client{Transport: transport}, server.URL); err != nil {
		t.Error(err)
	}
	server.CloseClientConnections()
}
