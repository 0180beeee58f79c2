package lostwake

import (
	"testing"
	"time"
)

func TestMark(t *testing.T) {
	f := Start()
	f.Mark()
	f.Flushed(time.Millisecond)
}
