// oracle: clean entries=TestFind
//
// The rows are closed.

package sqlrows

import "database/sql"

// Find reports whether the table holds a number.
func Find(db *sql.DB, n int64) (bool, error) {
	rows, err := db.Query("SELECT")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var m int64
		if err := rows.Scan(&m); err != nil {
			return false, err
		}
		if m == n {
			return true, nil
		}
	}
	return false, rows.Err()
}
