// Package speed holds fuzz targets to measure calls per second with: ci/fuzz-speed.
package speed

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func FuzzTrivial(f *testing.F) {
	f.Add([]byte("seed"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 3 && data[0] == 'a' && data[1] == 'b' {
			t.Skip()
		}
	})
}

type order struct {
	ID    int      `json:"id"`
	Names []string `json:"names"`
	Price float64  `json:"price"`
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"id": 7, "names": ["a", "b"], "price": 1.5}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var o order
		if json.Unmarshal(data, &o) == nil {
			json.Marshal(o)
		}
	})
}

func FuzzHTTP(f *testing.F) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.ToUpper(r.PathValue("id")))
	})
	f.Add("/orders/7")
	f.Fuzz(func(t *testing.T, path string) {
		r, err := http.NewRequest("GET", "http://host"+path, nil)
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
	})
}
