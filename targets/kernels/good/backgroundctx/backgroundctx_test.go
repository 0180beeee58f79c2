package backgroundctx

import (
	"context"
	"testing"
)

func TestOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	Open(ctx, func() {})
}
