// oracle: leak class=resource kind="database/sql rows" line=16 func=Has rate=0.14 driver=call entries=TestLogin
// oracle: leak class=resource kind="http response body" line=39 func=Alive rate=0.2 driver=call entries=TestAlive
//
// Limits of connections that leaks use up: the search leaves its rows open when it finds something, the probe its body
// when the answer is no. Soon every call waits for a connection, most of them where nothing is wrong.

package poolexhausted

import (
	"database/sql"
	"net/http"
)

// Has reports whether the table holds a number.
func Has(db *sql.DB, n int64) (bool, error) {
	rows, err := db.Query("SELECT") // culprit
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var m int64
		if err := rows.Scan(&m); err != nil || m == n {
			return m == n, err
		}
	}
	return false, rows.Close()
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
	resp, err := client.Get(url) // culprit
	if err != nil {
		return false, err
	}
	if resp.StatusCode != http.StatusOK {
		return false, nil
	}
	return true, resp.Body.Close()
}
