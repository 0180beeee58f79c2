package poolexhausted

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.com/resources/internal/memdb"
)

var db = sync.OnceValues(func() (*sql.DB, error) {
	db, err := sql.Open(memdb.Name, "")
	if err == nil {
		db.SetMaxOpenConns(10)
	}
	return db, err
})

var visits int64

func TestLogin(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	visits++
	visitor := int64(100)
	if visits%7 == 0 {
		visitor = 1
	}
	if _, err := Login(db, visitor); err != nil {
		t.Error(err)
	}
}

var (
	client = &http.Client{Transport: &http.Transport{MaxConnsPerHost: 4}}
	probes atomic.Int64
)

var url = sync.OnceValue(func() string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if probes.Add(1)%5 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		io.WriteString(w, strings.Repeat("so it is ", 64))
	})).URL
})

func TestAlive(t *testing.T) {
	if _, err := Alive(client, url()); err != nil {
		t.Error(err)
	}
}
