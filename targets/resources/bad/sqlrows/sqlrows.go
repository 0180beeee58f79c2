// oracle: leak class=resource kind="database/sql rows" line=11 func=Find rate=1 driver=call entries=TestFind
//
// The search returns at the first hit and leaves the rows open, and with them a connection of the database.

package sqlrows

import "database/sql"

// Find reports whether the table holds a number.
func Find(db *sql.DB, n int64) (bool, error) {
	rows, err := db.Query("SELECT") // culprit
	if err != nil {
		return false, err
	}
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
