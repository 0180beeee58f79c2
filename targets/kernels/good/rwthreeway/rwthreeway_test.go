package rwthreeway

import (
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	done := NewCache("users").Start(
		(*Cache).Fill,
		func(c *Cache) { c.Rename("people") },
		func(c *Cache) { c.Read() },
	)
	timeout := time.After(time.Millisecond)
	for range 3 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
