package sqldb

import (
	"testing"

	"example.com/resources/internal/memdb"
)

// The table is in memory, behind the driver of this name.
var _ = memdb.Name

func TestLargest(t *testing.T) {
	if n, err := Largest(); err != nil || n != 8 {
		t.Errorf("Largest: %d, %v", n, err)
	}
}
