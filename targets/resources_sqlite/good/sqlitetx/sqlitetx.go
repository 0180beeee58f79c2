// oracle: clean entries=TestRefused,TestPay
//
// The transaction is rolled back on every way out but the good one.

package sqlitetx

import (
	"database/sql"
	"errors"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

var errBalance = errors.New("not enough money")

// Bank has one account in a file.
type Bank struct{ db *sql.DB }

// Open opens the bank in a directory.
func Open(dir string) (*Bank, error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "bank.db")+"?_pragma=journal_mode(wal)")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec("CREATE TABLE account (balance INTEGER NOT NULL); INSERT INTO account VALUES (100)")
	return &Bank{db}, err
}

// Pay pays an amount out and in again.
func (b *Bank) Pay(amount int) error {
	tx, err := b.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var balance int
	if err := tx.QueryRow("SELECT balance FROM account").Scan(&balance); err != nil {
		return err
	}
	if amount > balance {
		return errBalance
	}
	for _, change := range []int{-amount, amount} {
		if _, err := tx.Exec("UPDATE account SET balance = balance + ?", change); err != nil {
			return err
		}
	}
	return tx.Commit()
}
