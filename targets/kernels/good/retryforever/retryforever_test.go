package retryforever

import (
	"context"
	"testing"
)

func TestNoHost(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	select {
	case <-Connect(ctx, func(string) error { return errNoHost }, "nowhere.example"):
		t.Error("connected to a host that does not exist")
	default:
	}
}
