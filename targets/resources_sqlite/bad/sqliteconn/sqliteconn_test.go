package sqliteconn

import (
	"context"
	"database/sql"
	"sync"
	"testing"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("sqlite", ":memory:") })

func TestVersion(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if version, err := Version(context.Background(), db); err != nil || version[0] != '3' {
		t.Errorf("Version: %q, %v", version, err)
	}
}
