package timerdrain

import (
	"context"
	"testing"
	"time"
)

func TestLease(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	Start(2, 50*time.Microsecond).Wait(ctx)
}
