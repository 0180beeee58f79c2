package poolhandoff

import (
	"context"
	"testing"
)

func TestGiveUp(t *testing.T) {
	pool := NewPool()
	c, _ := pool.Get(context.Background())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := pool.Get(ctx)
		done <- err
	}()
	pool.Release(c)
	go cancel()
	<-done
}
