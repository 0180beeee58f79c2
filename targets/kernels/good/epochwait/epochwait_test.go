package epochwait

import (
	"testing"
	"time"
)

func TestAwait(t *testing.T) {
	config := NewConfig()
	there := config.Await(1)
	go config.Change()
	select {
	case <-there:
	case <-time.After(time.Millisecond):
	}
}
