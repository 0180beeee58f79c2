// oracle: clean entries=TestSession
//
// The connection is given back.

package sqlconn

import (
	"context"
	"database/sql"
)

// Session inserts numbers over one connection.
func Session(ctx context.Context, db *sql.DB, numbers ...int64) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, n := range numbers {
		if _, err := conn.ExecContext(ctx, "INSERT ?", n); err != nil {
			return err
		}
	}
	return nil
}
