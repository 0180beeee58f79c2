// oracle: clean entries=FuzzRegister
//
// gorm.io/gorm v1.25.8: a prepared statement that fails is taken out of the cache and prepared again the next time, but its
// text stays in a slice. https://github.com/go-gorm/gorm/issues/7137, v1.25.12
package users

import (
	"database/sql"
	"sync"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/utils/tests"
)

// User is a row of the table users.
type User struct {
	ID   int64
	Name string
}

// Register makes a user; the name must be new.
func Register(db *gorm.DB, name string) error {
	return db.Create(&User{ID: 1, Name: name}).Error
}

var database = sync.OnceValue(func() *gorm.DB {
	db, err := gorm.Open(tests.DummyDialector{}, &gorm.Config{
		ConnPool:               sql.OpenDB(connector{}),
		PrepareStmt:            true,
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard,
	})
	if err != nil {
		panic(err)
	}
	return db
})

func FuzzRegister(f *testing.F) {
	f.Add("Ada")
	f.Fuzz(func(t *testing.T, name string) {
		if err := Register(database(), name); err == nil {
			t.Error("the database takes no users")
		}
	})
}
