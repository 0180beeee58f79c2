package lazyflusher

import (
	"sync"
	"testing"
)

func TestFirstWrites(t *testing.T) {
	var store Store
	var writers sync.WaitGroup
	for page := range 2 {
		writers.Add(1)
		go func() {
			defer writers.Done()
			store.Write(page + 1)
		}()
	}
	writers.Wait()
	store.Close()
}
