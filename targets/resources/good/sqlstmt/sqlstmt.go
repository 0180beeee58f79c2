// oracle: clean entries=TestInsert
//
// The statement is closed after its use.

package sqlstmt

import "database/sql"

// Insert adds some numbers.
func Insert(db *sql.DB, numbers ...int64) error {
	stmt, err := db.Prepare("INSERT ?")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, n := range numbers {
		if _, err := stmt.Exec(n); err != nil {
			return err
		}
	}
	return nil
}
