package upstreams

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var server = sync.OnceValue(func() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello")
	}))
})

func TestUpdate(t *testing.T) {
	Update(server().URL)
	if page, err := Get(); err != nil || page != "hello" {
		t.Errorf("Get: %q, %v", page, err)
	}
}
