// oracle: clean entries=TestWith
//
// What waits for the longer one is stopped with the context.

package afterfunc

import "context"

// App is what all requests end with.
var App, _ = context.WithCancel(context.Background())

func merge(a, b context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(a)
	stop := context.AfterFunc(b, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

// With runs f until the request or the app ends.
func With(req context.Context, f func(context.Context) error) error {
	ctx, cancel := merge(req, App)
	defer cancel()
	return f(ctx)
}
