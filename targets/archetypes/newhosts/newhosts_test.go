package newhosts

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func server(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			http.Error(w, "no such method", http.StatusMethodNotAllowed)
			return
		}
		io.WriteString(w, "all is well\n")
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestProbe(t *testing.T) {
	if err := Probe(server(t)); err != nil {
		t.Fatal(err)
	}
}

func TestBadMethod(t *testing.T) {
	resp, err := http.Post(server(t), "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Fatal(resp.Status)
	}
}
