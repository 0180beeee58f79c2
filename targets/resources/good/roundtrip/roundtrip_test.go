package roundtrip

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var gate = sync.OnceValue(func() *Gate {
	return NewGate(httptest.NewServer(http.HandlerFunc(Backend)).Listener.Addr().String())
})

func TestGate(t *testing.T) {
	w := httptest.NewRecorder()
	gate().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/door", nil))
	if w.Code != http.StatusAccepted {
		t.Errorf("status %d", w.Code)
	}
}
