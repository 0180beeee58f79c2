package sharedload

import (
	"testing"
	"time"
)

func TestFetch(t *testing.T) {
	source := make(chan string, 4)
	for range 4 {
		source <- "value"
	}
	values := Fetch(4, "key", func(string) string { return <-source })
	timeout := time.After(time.Millisecond)
	for range 4 {
		select {
		case <-values:
		case <-timeout:
			return
		}
	}
}
