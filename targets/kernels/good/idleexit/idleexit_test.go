package idleexit

import (
	"testing"
	"time"
)

func TestSubmit(t *testing.T) {
	pool := NewPool(make(chan struct{}, 4))
	one := func() int { return 1 }
	<-pool.Submit(one)
	select {
	case <-pool.Submit(one):
	case <-time.After(time.Millisecond):
	}
}
