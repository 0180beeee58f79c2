// oracle: clean entries=TestOpen
//
// The mirror waits for the end of the context that it was given.

package backgroundctx

import "context"

// Mirror keeps a copy of a bucket.
type Mirror struct {
	ctx  context.Context
	drop func()
}

// Open returns a mirror that is dropped when the context ends.
func Open(ctx context.Context, drop func()) *Mirror {
	m := &Mirror{ctx: ctx, drop: drop}
	go func() {
		<-m.ctx.Done()
		m.drop()
	}()
	return m
}
