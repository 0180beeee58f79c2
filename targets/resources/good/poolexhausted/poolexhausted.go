// oracle: clean entries=TestLogin,TestAlive
//
// Everything is closed: the limits are never reached.

package poolexhausted

import (
	"database/sql"
	"net/http"
)

// Has reports whether the table holds a number.
func Has(db *sql.DB, n int64) (bool, error) {
	rows, err := db.Query("SELECT")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var m int64
		if err := rows.Scan(&m); err != nil || m == n {
			return m == n, err
		}
	}
	return false, rows.Err()
}

// Login notes the visit and looks the visitor up.
func Login(db *sql.DB, n int64) (bool, error) {
	if _, err := db.Exec("INSERT ?", int64(1)); err != nil {
		return false, err
	}
	return Has(db, n)
}

// Alive reports whether a server is well.
func Alive(client *http.Client, url string) (bool, error) {
	resp, err := client.Get(url)
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, resp.Body.Close()
}
