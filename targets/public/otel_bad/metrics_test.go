// oracle: leak class=cache kind=slice line=17 func=Handle rate=1 driver=call entries=TestHandle
//
// go.opentelemetry.io/otel v1.29.0: without a meter provider, the global meter keeps every instrument that was made, also if
// it made the same one before. https://github.com/open-telemetry/opentelemetry-go/issues/5753, v1.30.0
package metrics

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel"
)

// Handle counts requests.
func Handle(w http.ResponseWriter, r *http.Request) {
	requests, err := otel.Meter("example.org/shop").Int64Counter("requests") // culprit
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	requests.Add(r.Context(), 1)
	w.WriteHeader(http.StatusNoContent)
}

func TestHandle(t *testing.T) {
	w := httptest.NewRecorder()
	Handle(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusNoContent {
		t.Fatal(w.Code)
	}
}
