// oracle: leak class=resource kind="database/sql rows" line=32 func=Notes.Find rate=1 driver=call entries=TestFind
//
// The search returns at the first hit and leaves the rows open; a connection of SQLite with its files stays
// with them.

package sqliterows

import (
	"database/sql"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

// Notes is a table of notes in a file.
type Notes struct{ db *sql.DB }

// Open opens the notes in a directory.
func Open(dir string) (*Notes, error) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "notes.db")+"?_pragma=journal_mode(wal)")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
		INSERT INTO note (text) VALUES ('buy milk'), ('call ada'), ('write tests')`)
	return &Notes{db}, err
}

// Find returns the first note that contains a word.
func (n *Notes) Find(word string) (string, error) {
	rows, err := n.db.Query("SELECT text FROM note ORDER BY id") // culprit
	if err != nil {
		return "", err
	}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return "", err
		}
		if strings.Contains(text, word) {
			return text, nil
		}
	}
	return "", rows.Err()
}
