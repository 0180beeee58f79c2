// oracle: leak class=cache kind=map line=44 func=Serve rate=1 driver=call entries=TestServe
//
// github.com/valyala/fasthttp v1.70.0: a global map keeps a lock for every path that was ever compressed.
// https://github.com/valyala/fasthttp/pull/2286, v1.72.0
package compressed

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

var dir = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "reports")
	if err != nil {
		panic(err)
	}
	return dir
})

var files = sync.OnceValue(func() fasthttp.RequestHandler {
	fs := &fasthttp.FS{Root: dir(), Compress: true, CacheDuration: time.Second}
	return fs.NewRequestHandler()
})

var reports atomic.Int64

// Serve makes a report, hands it out compressed and removes it.
func Serve(ctx *fasthttp.RequestCtx) error {
	name := fmt.Sprintf("report%d.txt", reports.Add(1))
	path := filepath.Join(dir(), name)
	if err := os.WriteFile(path, bytes.Repeat([]byte("all is well\n"), 100), 0o644); err != nil {
		return err
	}
	defer os.Remove(path)
	ctx.Request.SetRequestURI("/" + name)
	files()(ctx) // culprit
	compressed, err := filepath.Glob(path + ".*")
	for _, c := range compressed {
		os.Remove(c)
	}
	return err
}

func TestServe(t *testing.T) {
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, nil, nil)
	ctx.Request.Header.Set("Accept-Encoding", "gzip")
	if err := Serve(&ctx); err != nil {
		t.Fatal(err)
	}
	if body := ctx.Response.Body(); len(body) == 0 {
		t.Fatal("no body", ctx.Response.StatusCode())
	}
}
