// oracle: clean entries=TestLoad
//
// A body that ends in an error is not closed: net/http has ended its connection by itself, and nothing stays.

package bodyerror

import (
	"io"
	"net/http"
	"net/http/httptest"
)

// Load reads what the server says, as far as it comes.
func Load(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(resp.Body)
}

// server breaks every answer off.
var server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	io.WriteString(w, "half of it")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}))
