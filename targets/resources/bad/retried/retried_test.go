package retried

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var asked atomic.Int64

var url = sync.OnceValue(func() string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%4 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		w.Write([]byte(strings.Repeat("page ", 1000)))
	})).URL
})

func TestGet(t *testing.T) {
	if _, err := Get(&Retrying{http.DefaultClient, 5}, url()); err != nil {
		t.Error(err)
	}
}
