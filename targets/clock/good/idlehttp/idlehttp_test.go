package idlehttp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

var client = sync.OnceValue(func() *Client {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(w, r.Body)
	}))
	s.Config.IdleTimeout = 60 * time.Second
	s.Config.ReadTimeout = 5 * time.Second
	s.Start()
	return NewClient(s.URL)
})

func TestPost(t *testing.T) {
	if answer, err := client().Post("hello"); err != nil || answer != "hello" {
		t.Errorf("Post: %q, %v", answer, err)
	}
}
