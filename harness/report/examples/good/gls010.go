package good

import (
	"context"
	"runtime"
)

func device(ctx context.Context) chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for {
			select {
			case f := <-work:
				f()
			case <-ctx.Done():
				return
			}
		}
	}()
	return work
}
