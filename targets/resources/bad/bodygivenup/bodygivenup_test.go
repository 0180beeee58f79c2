package bodygivenup

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

var page = strings.Repeat("much to read ", 4096)

var url = sync.OnceValue(func() string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(page))
	})).URL
})

func TestStatus(t *testing.T) {
	if code, err := Status(url()); err != nil || code != http.StatusOK {
		t.Errorf("status %d, %v", code, err)
	}
}

func TestPatient(t *testing.T) {
	if code, err := Patient(url()); err != nil || code != http.StatusOK {
		t.Errorf("status %d, %v", code, err)
	}
}
