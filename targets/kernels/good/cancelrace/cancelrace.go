// oracle: clean entries=TestServe
//
// The worker sends or notices the end of the context, whichever comes first.

package cancelrace

import "context"

// Render makes a page of its parts in the background.
func Render(ctx context.Context, parts <-chan string) <-chan string {
	pages := make(chan string)
	go func() {
		page := ""
		for part := range parts {
			page += part
		}
		select {
		case pages <- page:
		case <-ctx.Done():
		}
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
