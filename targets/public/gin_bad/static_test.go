// oracle: gc-only class=resource kind=file line=28 func=Serve rate=1 driver=call entries=TestServe
//
// github.com/gin-gonic/gin v1.4.0: the handler of static files opens a file to see whether it is there, and leaves it open.
// https://github.com/gin-gonic/gin/issues/2117, v1.5.0
package static

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
)

// NewRouter serves the files below a directory.
func NewRouter(root string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Static("/assets", root)
	return router
}

// Serve answers one request.
func Serve(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	handler.ServeHTTP(w, r) // culprit
}

var router = sync.OnceValue(func() http.Handler {
	dir, err := os.MkdirTemp("", "assets")
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "style.css"), []byte("p {}"), 0o644); err != nil {
		panic(err)
	}
	return NewRouter(dir)
})

func TestServe(t *testing.T) {
	w := httptest.NewRecorder()
	Serve(router(), w, httptest.NewRequest("GET", "/assets/style.css", nil))
	if w.Code != http.StatusOK || w.Body.String() != "p {}" {
		t.Fatal(w.Code, w.Body)
	}
}
