package token

import (
	"sync"
	"testing"
)

var service = sync.OnceValue(LogIn)

func TestWatch(t *testing.T) {
	if err := service().Watch(); err != nil {
		t.Error(err)
	}
}
