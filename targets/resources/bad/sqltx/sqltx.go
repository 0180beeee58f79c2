// oracle: leak class=resource kind="database/sql transaction" line=17 func=Transfer rate=1 driver=call entries=TestRefused
// oracle: clean entries=TestTransfer
//
// A transfer that is refused returns in the middle of its transaction, neither committed nor rolled back.

package sqltx

import (
	"database/sql"
	"errors"
)

var errAmount = errors.New("amount must be positive")

// Transfer books an amount twice.
func Transfer(db *sql.DB, amount int64) error {
	tx, err := db.Begin() // culprit
	if err != nil {
		return err
	}
	if amount <= 0 {
		return errAmount
	}
	for _, n := range []int64{amount, -amount} {
		if _, err := tx.Exec("INSERT ?", n); err != nil {
			return err
		}
	}
	return tx.Commit()
}
