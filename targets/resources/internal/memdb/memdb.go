// Package memdb is a database/sql driver for one table in memory: enough of a database to leak its resources.
//
// It knows two statements, "INSERT ?" and "SELECT", which returns all rows. A row is one number; only the last 16 are
// kept.
package memdb

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"sync"
)

// Name is the name under which the driver is registered.
const Name = "memdb"

func init() { sql.Register(Name, memDriver{}) }

const keep = 16

var (
	mu   sync.Mutex
	rows = []int64{1, 2, 3, 4, 5, 6, 7, 8}
)

var errStatement = errors.New("memdb: unknown statement")

type memDriver struct{}

func (memDriver) Open(string) (driver.Conn, error) { return &conn{}, nil }

type conn struct{ page [256]byte }

func (*conn) Close() error              { return nil }
func (*conn) Begin() (driver.Tx, error) { return tx{}, nil }

func (*conn) Prepare(query string) (driver.Stmt, error) {
	switch query {
	case "INSERT ?":
		return &stmt{arguments: 1}, nil
	case "SELECT":
		return &stmt{}, nil
	}
	return nil, errStatement
}

type tx struct{}

func (tx) Commit() error   { return nil }
func (tx) Rollback() error { return nil }

type stmt struct{ arguments int }

func (*stmt) Close() error    { return nil }
func (s *stmt) NumInput() int { return s.arguments }

func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	n, ok := args[0].(int64)
	if !ok {
		return nil, errStatement
	}
	mu.Lock()
	defer mu.Unlock()
	rows = append(rows, n)
	if len(rows) > keep {
		rows = append(rows[:0], rows[len(rows)-keep:]...)
	}
	return driver.RowsAffected(1), nil
}

func (s *stmt) Query([]driver.Value) (driver.Rows, error) {
	mu.Lock()
	defer mu.Unlock()
	return &result{rows: append([]int64(nil), rows...)}, nil
}

type result struct {
	rows []int64
	next int
}

func (*result) Columns() []string { return []string{"n"} }
func (*result) Close() error      { return nil }

func (r *result) Next(dest []driver.Value) error {
	if r.next == len(r.rows) {
		return io.EOF
	}
	dest[0] = r.rows[r.next]
	r.next++
	return nil
}
