package cancelrace

import (
	"context"
	"testing"
)

func TestServe(t *testing.T) {
	ctx, hangUp := context.WithCancel(context.Background())
	parts := make(chan string)
	go func() {
		parts <- "<p>"
		go hangUp()
		close(parts)
	}()
	Serve(ctx, parts, func(string) {})
	hangUp()
}
