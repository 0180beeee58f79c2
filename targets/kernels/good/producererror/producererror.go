// oracle: clean entries=FuzzLoad,TestFailure
//
// The channel is closed on every way out of the producer.

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
	go func() {
		for p := range pairs {
			store(p.key, p.value)
		}
	}()
	defer close(pairs)
	for _, row := range rows {
		key, value, ok := strings.Cut(row, ",")
		if !ok {
			return errRow
		}
		pairs <- pair{key, value}
	}
	return nil
}
