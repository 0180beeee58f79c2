package lruandleak

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzFetch(f *testing.F) {
	f.Add("key")
	f.Fuzz(func(t *testing.T, key string) { Fetch(key) })
}

var keys atomic.Int64

func TestNewKey(t *testing.T) { Fetch(fmt.Sprint("key ", keys.Add(1))) }
