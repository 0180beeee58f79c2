package lru1000

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzGet(f *testing.F) {
	f.Add("key")
	f.Fuzz(func(t *testing.T, key string) { Get(key) })
}

var keys atomic.Int64

func TestNewKey(t *testing.T) { Get(fmt.Sprint("key ", keys.Add(1))) }

func TestOldKeys(t *testing.T) {
	for _, key := range []string{"a", "b", "c"} {
		if got := Get(key); string(got[:1]) != key {
			t.Errorf("Get(%q) = %q", key, got)
		}
	}
}
