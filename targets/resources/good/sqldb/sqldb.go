// oracle: clean entries=TestLargest
//
// The database is opened once.

package sqldb

import (
	"database/sql"
	"sync"
)

var open = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("memdb", "") })

// Largest returns the largest number in the table.
func Largest() (int64, error) {
	db, err := open()
	if err != nil {
		return 0, err
	}
	rows, err := db.Query("SELECT")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var largest int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
		largest = max(largest, n)
	}
	return largest, rows.Err()
}
