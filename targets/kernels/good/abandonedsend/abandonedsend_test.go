package abandonedsend

import (
	"context"
	"testing"
)

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	slow := make(chan struct{})
	resolve := func(string) string {
		cancel()
		<-slow
		return "127.0.0.1"
	}
	if _, err := Lookup(ctx, resolve, "localhost"); err == nil {
		t.Error("Lookup did not notice that it was cancelled")
	}
	close(slow)
}

func TestAnswered(t *testing.T) {
	resolve := func(string) string { return "127.0.0.1" }
	if address, err := Lookup(context.Background(), resolve, "localhost"); err != nil || address != "127.0.0.1" {
		t.Errorf("Lookup: %q, %v", address, err)
	}
}
