// oracle: leak class=cache kind=map line=17 or=16 func=RunTask rate=1 driver=call entries=TestRunTask
//
// go.uber.org/fx v1.21.1: an app that stops stays registered for signals, in a map of os/signal.
// https://github.com/uber-go/fx/issues/1197, v1.22.0
package app

import (
	"context"
	"testing"

	"go.uber.org/fx"
)

// RunTask runs a task with its dependencies, as an app of its own.
func RunTask(ctx context.Context, task any) error {
	app := fx.New(fx.NopLogger, fx.Invoke(task)) // also right
	if err := app.Start(ctx); err != nil {       // culprit
		return err
	}
	return app.Stop(ctx)
}

func TestRunTask(t *testing.T) {
	ran := false
	if err := RunTask(context.Background(), func(fx.Lifecycle) { ran = true }); err != nil || !ran {
		t.Fatal(err, ran)
	}
}
