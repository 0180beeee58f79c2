package pollers

import (
	"context"
	"testing"
)

func TestWatch(*testing.T) { Watch() }
func TestPoll(*testing.T)  { Poll() }

func TestWatchUntil(*testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	WatchUntil(ctx)
}
