// oracle: leak class=resource kind=context line=14 func=merge rate=1 driver=call entries=TestWith
//
// A context that ends with either of two: what waits for the longer one is never stopped, though its caller cancels the context.

package afterfunc

import "context"

// App is what all requests end with.
var App, _ = context.WithCancel(context.Background())

func merge(a, b context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(a)
	context.AfterFunc(b, cancel) // culprit
	return ctx, cancel
}

// With runs f until the request or the app ends.
func With(req context.Context, f func(context.Context) error) error {
	ctx, cancel := merge(req, App)
	defer cancel()
	return f(ctx)
}
