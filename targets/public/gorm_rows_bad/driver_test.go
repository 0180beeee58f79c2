package orders

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// A database with one order, whose state is a number.
type (
	connector struct{}
	conn      struct{}
	stmt      struct{}
	rows      struct{ read bool }
)

func (connector) Connect(context.Context) (driver.Conn, error) { return &conn{}, nil }
func (c connector) Driver() driver.Driver                      { return nil }

func (*conn) Prepare(string) (driver.Stmt, error) { return stmt{}, nil }
func (*conn) Close() error                        { return nil }
func (*conn) Begin() (driver.Tx, error)           { return nil, errors.New("no transactions") }

func (stmt) Close() error                               { return nil }
func (stmt) NumInput() int                              { return -1 }
func (stmt) Exec([]driver.Value) (driver.Result, error) { return nil, errors.New("read only") }
func (stmt) Query([]driver.Value) (driver.Rows, error)  { return &rows{}, nil }

func (*rows) Columns() []string { return []string{"id", "state"} }
func (*rows) Close() error      { return nil }

func (r *rows) Next(dest []driver.Value) error {
	if r.read {
		return io.EOF
	}
	r.read = true
	dest[0], dest[1] = int64(1), int64(7)
	return nil
}
