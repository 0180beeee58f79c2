// oracle: leak class=resource kind="database/sql connection" line=14 func=Session rate=1 driver=call entries=TestSession
//
// A connection is taken out of the pool for a session and never given back.

package sqlconn

import (
	"context"
	"database/sql"
)

// Session inserts numbers over one connection.
func Session(ctx context.Context, db *sql.DB, numbers ...int64) error {
	conn, err := db.Conn(ctx) // culprit
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if _, err := conn.ExecContext(ctx, "INSERT ?", n); err != nil {
			return err
		}
	}
	return nil
}
