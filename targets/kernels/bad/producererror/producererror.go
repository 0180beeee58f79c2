// oracle: leak class=goroutine kind="chan receive" line=19 func=Load rate=1 driver=call entries=TestFailure
// oracle: leak class=goroutine kind="chan receive" line=19 func=Load rate=0..1 driver=call input="a row without a comma" entries=FuzzLoad
//
// A producer that fails returns without closing the channel on which its consumer waits.

package producererror

import (
	"errors"
	"strings"
)

var errRow = errors.New("a row has no comma")

// Load parses rows and stores them while it parses.
func Load(rows []string, store func(key, value string)) error {
	type pair struct{ key, value string }
	pairs := make(chan pair)
	go func() { // culprit
		for p := range pairs {
			store(p.key, p.value)
		}
	}()
	for _, row := range rows {
		key, value, ok := strings.Cut(row, ",")
		if !ok {
			return errRow
		}
		pairs <- pair{key, value}
	}
	close(pairs)
	return nil
}
