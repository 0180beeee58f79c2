package httpbodyerror

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var client = sync.OnceValue(func() *Client {
	return NewClient(httptest.NewServer(http.HandlerFunc(Page)).URL)
})

func FuzzFetch(f *testing.F) {
	f.Add("index")
	f.Fuzz(func(t *testing.T, name string) { client().Fetch(name) })
}

func TestMissing(t *testing.T) {
	if _, err := client().Fetch("nothing"); err == nil {
		t.Error("a page that does not exist was fetched")
	}
}

func TestIndex(t *testing.T) {
	if page, err := client().Fetch("index"); err != nil || len(page) == 0 {
		t.Errorf("Fetch: %q, %v", page, err)
	}
}
