// oracle: leak class=resource kind="database/sql database" line=11 func=Largest rate=1 driver=call entries=TestLargest
//
// Every request opens the database anew and never closes it.

package sqldb

import "database/sql"

// Largest returns the largest number in the table.
func Largest() (int64, error) {
	db, err := sql.Open("memdb", "") // culprit
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
