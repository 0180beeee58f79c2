package sqlstmt

import (
	"database/sql"
	"sync"
	"testing"

	"example.com/resources/internal/memdb"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open(memdb.Name, "") })

func TestInsert(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if err := Insert(db, 3, 5, 7); err != nil {
		t.Error(err)
	}
}
