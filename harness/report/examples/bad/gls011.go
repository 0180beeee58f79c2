package bad

import "database/sql"

func known(db *sql.DB, name string) (bool, error) {
	rows, err := db.Query("SELECT 1 FROM users WHERE name = ?", name)
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err() // the connection stays taken
}
