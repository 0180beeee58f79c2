package ctxswap

import (
	"context"
	"sync"
	"testing"
)

// process lives as long as the process.
var process, _ = context.WithCancel(context.Background())

func TestRestart(t *testing.T) {
	var session Session
	session.Restart(process)
	var restarts sync.WaitGroup
	for range 2 {
		restarts.Add(1)
		go func() {
			defer restarts.Done()
			session.Restart(process)
		}()
	}
	restarts.Wait()
	session.Stop()
}
