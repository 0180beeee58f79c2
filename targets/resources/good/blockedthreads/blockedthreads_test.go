package blockedthreads

import (
	"sync/atomic"
	"testing"
)

var ended atomic.Int64

func TestConnect(t *testing.T) {
	if err := Connect(&ended); err != nil {
		t.Error(err)
	}
}
