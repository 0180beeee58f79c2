// oracle: leak class=goroutine kind="sleep" line=21 func=Reload rate=1 driver=call entries=TestReload
//
// github.com/valyala/fasthttp v1.70.0: every handler for files starts a goroutine that cleans its cache, which ends with the
// process. Later versions end it when the handler is collected. https://github.com/valyala/fasthttp/pull/2286, v1.72.0
package static

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"
)

var current fasthttp.RequestHandler

// Reload makes the handler anew, as after a change of the configuration.
func Reload(root string) {
	files := &fasthttp.FS{Root: root}
	current = files.NewRequestHandler() // culprit
}

var root = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "static")
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>hello"), 0o644); err != nil {
		panic(err)
	}
	return dir
})

func TestReload(t *testing.T) {
	Reload(root())
	if current == nil {
		t.Fatal("no handler")
	}
}
