package httptransport

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

func TestFetch(t *testing.T) {
	if page, err := Fetch(server().URL); err != nil || page != "hello" {
		t.Errorf("Fetch: %q, %v", page, err)
	}
}
