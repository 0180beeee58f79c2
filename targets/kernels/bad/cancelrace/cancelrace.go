// oracle: leak class=goroutine kind="chan send" line=13 func=Render rate=0..1 driver=call stock=1.6e-05 random=5e-05 yield=0.063 entries=TestServe
//
// The worker looks at the context before it sends its result and not while it does; the caller leaves in
// between.

package cancelrace

import "context"

// Render makes a page of its parts in the background.
func Render(ctx context.Context, parts <-chan string) <-chan string {
	pages := make(chan string)
	go func() { // culprit
		page := ""
		for part := range parts {
			page += part
		}
		if ctx.Err() != nil {
			return
		}
		pages <- page
	}()
	return pages
}

// Serve writes the page of some parts, unless the client hangs up before it is there.
func Serve(ctx context.Context, parts <-chan string, write func(string)) {
	select {
	case page := <-Render(ctx, parts):
		write(page)
	case <-ctx.Done():
	}
}
