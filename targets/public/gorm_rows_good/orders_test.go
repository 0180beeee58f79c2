// oracle: clean entries=TestNewest
//
// gorm.io/gorm v1.31.1: Scan leaves the rows open if the type of a column panics on what it reads, and with them a connection.
// https://github.com/go-gorm/gorm/issues/7790, v1.31.2
package orders

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/utils/tests"
)

// State is the state of an order.
type State string

// Scan reads a state; the database never holds anything but text.
func (s *State) Scan(value any) error {
	*s = State(value.(string))
	return nil
}

// Order is a row of the table orders.
type Order struct {
	ID    int64
	State State
}

// Newest returns the newest order. It answers requests: a panic must not end the program.
func Newest(db *gorm.DB) (order Order, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("newest order: %v", reason)
		}
	}()
	err = db.Table("orders").Order("id DESC").Limit(1).Scan(&order).Error
	return order, err
}

var database = sync.OnceValue(func() *gorm.DB {
	db, err := gorm.Open(tests.DummyDialector{}, &gorm.Config{ConnPool: sql.OpenDB(connector{}), Logger: logger.Discard})
	if err != nil {
		panic(err)
	}
	return db
})

func TestNewest(t *testing.T) {
	if order, err := Newest(database()); err == nil {
		t.Fatal(order)
	}
}
