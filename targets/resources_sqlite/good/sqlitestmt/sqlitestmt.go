// oracle: clean entries=TestSquare
//
// The statement is closed after its use.

package sqlitestmt

import (
	"database/sql"

	_ "modernc.org/sqlite" // the driver
)

// Square has SQLite compute a square.
func Square(db *sql.DB, n int) (int, error) {
	stmt, err := db.Prepare("SELECT ? * ?")
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	var square int
	err = stmt.QueryRow(n, n).Scan(&square)
	return square, err
}
