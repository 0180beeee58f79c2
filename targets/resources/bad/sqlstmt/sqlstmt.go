// oracle: leak class=resource kind="database/sql statement" line=11 func=Insert rate=1 driver=call entries=TestInsert
//
// The same statement is prepared for every insertion and never closed.

package sqlstmt

import "database/sql"

// Insert adds some numbers.
func Insert(db *sql.DB, numbers ...int64) error {
	stmt, err := db.Prepare("INSERT ?") // culprit
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if _, err := stmt.Exec(n); err != nil {
			return err
		}
	}
	return nil
}
