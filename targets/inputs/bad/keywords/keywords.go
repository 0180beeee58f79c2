// oracle: leak class=cache kind=slice line=38 func=Exec rate=1..58 driver=call input="BEGIN; SAVEPOINT name; ROLLBACK" entries=FuzzExec
//
// A transaction that sets a savepoint and is then rolled back keeps the savepoint's snapshot.

package keywords

import (
	"strings"
	"sync"
)

type snapshot struct {
	name string
	rows [32]int64
}

var (
	mu        sync.Mutex
	snapshots []*snapshot
)

// Exec runs some statements, at most 60, and returns the number of those that it knows.
func Exec(script string) int {
	mu.Lock()
	defer mu.Unlock()
	known, inside := 0, false
	saved := len(snapshots)
	for i, statement := range strings.Split(script, ";") {
		words := strings.Fields(strings.ToUpper(statement))
		if len(words) == 0 || i == 60 {
			break
		}
		switch {
		case words[0] == "BEGIN" && !inside:
			inside = true
			saved = len(snapshots)
		case words[0] == "SAVEPOINT" && inside && len(words) == 2:
			snapshots = append(snapshots, &snapshot{name: words[1]}) // culprit
		case words[0] == "COMMIT" && inside:
			clear(snapshots[saved:])
			snapshots = snapshots[:saved]
			inside = false
		case words[0] == "ROLLBACK" && inside:
			inside = false
		default:
			continue
		}
		known++
	}
	if inside {
		clear(snapshots[saved:])
		snapshots = snapshots[:saved]
	}
	return known
}
