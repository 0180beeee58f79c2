package onetoken

import (
	"testing"
	"time"
)

func TestClose(t *testing.T) {
	c := Dial()
	c.incoming <- []byte("hello")
	c.beat <- time.Time{}
	c.Close()
}
