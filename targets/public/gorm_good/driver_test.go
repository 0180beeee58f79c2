package users

import (
	"context"
	"database/sql/driver"
	"errors"
)

// A database that has every user already.
type (
	connector struct{}
	conn      struct{}
	stmt      struct{}
)

var errDuplicate = errors.New("duplicate key")

func (connector) Connect(context.Context) (driver.Conn, error) { return conn{}, nil }
func (c connector) Driver() driver.Driver                      { return nil }

func (conn) Prepare(string) (driver.Stmt, error) { return stmt{}, nil }
func (conn) Close() error                        { return nil }
func (conn) Begin() (driver.Tx, error)           { return nil, errors.New("no transactions") }

func (stmt) Close() error                               { return nil }
func (stmt) NumInput() int                              { return -1 }
func (stmt) Exec([]driver.Value) (driver.Result, error) { return nil, errDuplicate }
func (stmt) Query([]driver.Value) (driver.Rows, error)  { return nil, errDuplicate }
