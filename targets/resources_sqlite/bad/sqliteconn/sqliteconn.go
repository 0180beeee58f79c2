// oracle: leak class=resource kind="database/sql connection" line=16 func=Version rate=1 driver=call entries=TestVersion
//
// A connection is taken out of the pool for a setting and never given back.

package sqliteconn

import (
	"context"
	"database/sql"

	_ "modernc.org/sqlite" // the driver
)

// Version asks SQLite for its version, over a connection that keeps foreign keys.
func Version(ctx context.Context, db *sql.DB) (string, error) {
	conn, err := db.Conn(ctx) // culprit
	if err != nil {
		return "", err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = ON"); err != nil {
		return "", err
	}
	var version string
	err = conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	return version, err
}
