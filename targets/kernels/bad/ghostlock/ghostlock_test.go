package ghostlock

import (
	"context"
	"testing"
)

func TestGiveUp(t *testing.T) {
	m := New()
	m.Lock(context.Background())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Lock(ctx); err == nil {
		t.Error("two hold the lock")
	}
	m.Unlock()
	m.WithLater(func() {})
}
