// oracle: leak class=cache kind=map line=27 func=Serve rate=1 driver=key entries=FuzzServe
//
// github.com/prometheus/client_golang v1.11.0: the method of a request becomes a label as it is, so that a client can make
// series without end. https://github.com/golang/vulndb/issues/322 (CVE-2022-21698), v1.11.1
package middleware

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var handler = sync.OnceValue(func() http.Handler {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total"}, []string{"method", "code"})
	prometheus.MustRegister(requests)
	return promhttp.InstrumentHandlerCounter(requests, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
	}))
})

// Serve answers one request and counts it.
func Serve(w http.ResponseWriter, r *http.Request) {
	handler().ServeHTTP(w, r) // culprit
}

func FuzzServe(f *testing.F) {
	f.Add("GET")
	f.Fuzz(func(t *testing.T, method string) {
		w := httptest.NewRecorder()
		Serve(w, &http.Request{Method: method, Header: http.Header{}})
		if w.Code != http.StatusNotFound {
			t.Error(w.Code)
		}
	})
}
