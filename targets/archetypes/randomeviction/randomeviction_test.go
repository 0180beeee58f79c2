package randomeviction

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
