package helper

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var server = sync.OnceValue(func() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(make([]byte, 64<<10))
	}))
})

func TestFiles(t *testing.T) {
	for _, read := range []func() error{readConfig, readHosts} {
		if err := read(); err != nil {
			t.Error(err)
		}
	}
}

func TestBodies(t *testing.T) {
	if _, err := status(server().URL); err != nil {
		t.Error(err)
	}
	if _, err := length(server().URL); err != nil {
		t.Error(err)
	}
}
