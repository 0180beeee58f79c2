package sqltx

import (
	"database/sql"
	"sync"
	"testing"

	"example.com/resources/internal/memdb"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open(memdb.Name, "") })

func TestRefused(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if err := Transfer(db, 0); err != errAmount {
		t.Error(err)
	}
}

func TestTransfer(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if err := Transfer(db, 10); err != nil {
		t.Error(err)
	}
}
