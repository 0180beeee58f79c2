package sqlitestmt

import (
	"database/sql"
	"sync"
	"testing"
)

var db = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("sqlite", ":memory:") })

func TestSquare(t *testing.T) {
	db, err := db()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := Square(db, 12); err != nil || n != 144 {
		t.Errorf("Square: %d, %v", n, err)
	}
}
