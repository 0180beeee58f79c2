// oracle: clean entries=TestRefused,TestTransfer
//
// The transaction is rolled back on every way out but the good one.

package sqltx

import (
	"database/sql"
	"errors"
)

var errAmount = errors.New("amount must be positive")

// Transfer books an amount twice.
func Transfer(db *sql.DB, amount int64) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
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
