// oracle: clean entries=TestOften note="one call after every jump of the clock fails, and the report counts it"
//
// A test that asserts on what has passed since its last call: the one thing that a moved clock shows to it.

package gap

import (
	"testing"
	"time"
)

var last time.Time

func TestOften(t *testing.T) {
	if !last.IsZero() && time.Since(last) > time.Minute {
		t.Errorf("%v since the last call", time.Since(last))
	}
	last = time.Now()
}
