package sqlconn

import (
	"context"
	"database/sql"
	"sync"
	"testing"

	"example.com/resources/internal/memdb"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open(memdb.Name, "") })

func TestSession(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if err := Session(context.Background(), db, 1, 2); err != nil {
		t.Error(err)
	}
}
