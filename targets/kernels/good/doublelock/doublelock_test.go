package doublelock

import (
	"testing"
	"time"
)

func TestPut(t *testing.T) {
	store := NewStore(2)
	start := time.Unix(1700000000, 0)
	for i, id := range []string{"a", "b", "c"} {
		store.Put(id, start.Add(time.Duration(i)*time.Second))
	}
}
