// oracle: leak class=goroutine kind="chan receive (nil chan)" line=18 func=Open rate=1 driver=call entries=TestOpen
//
// The mirror waits for the end of context.Background(), which has no end, instead of the caller's.

package backgroundctx

import "context"

// Mirror keeps a copy of a bucket.
type Mirror struct {
	ctx  context.Context
	drop func()
}

// Open returns a mirror that is dropped when the context ends.
func Open(ctx context.Context, drop func()) *Mirror {
	m := &Mirror{ctx: context.Background(), drop: drop}
	go func() { // culprit
		<-m.ctx.Done()
		m.drop()
	}()
	return m
}
