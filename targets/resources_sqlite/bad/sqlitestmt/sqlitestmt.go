// oracle: leak class=resource kind="database/sql statement" line=15 func=Square rate=1 driver=call entries=TestSquare
//
// A statement is prepared for every query and never closed.

package sqlitestmt

import (
	"database/sql"

	_ "modernc.org/sqlite" // the driver
)

// Square has SQLite compute a square.
func Square(db *sql.DB, n int) (int, error) {
	stmt, err := db.Prepare("SELECT ? * ?") // culprit
	if err != nil {
		return 0, err
	}
	var square int
	err = stmt.QueryRow(n, n).Scan(&square)
	return square, err
}
