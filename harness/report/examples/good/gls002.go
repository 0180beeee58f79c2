package good

import (
	"context"
	"time"
)

func watch(ctx context.Context, check func()) {
	go func() {
		for ctx.Err() == nil {
			check()
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}()
}
