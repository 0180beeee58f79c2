package http2

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"example.com/clock_public/internal/h2"
)

var dial = sync.OnceValues(func() (func(*http.Request) (string, error), string) {
	conn, url := h2.Dial(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "started")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}), 0)
	return func(r *http.Request) (string, error) { return First(conn, r) }, url
})

func TestFirst(t *testing.T) {
	first, url := dial()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if event, err := first(request); err != nil || event != "started\n" {
		t.Errorf("First: %q, %v", event, err)
	}
}
