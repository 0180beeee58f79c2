package sqlrows

import (
	"database/sql"
	"sync"
	"testing"

	"example.com/resources/internal/memdb"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open(memdb.Name, "") })

func TestFind(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if found, err := Find(db, 3); err != nil || !found {
		t.Errorf("Find: %v, %v", found, err)
	}
}
