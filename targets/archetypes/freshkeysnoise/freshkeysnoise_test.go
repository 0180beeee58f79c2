package freshkeysnoise

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzLookup(f *testing.F) {
	f.Add("localhost")
	f.Fuzz(func(t *testing.T, host string) { Lookup(host) })
}

var hosts atomic.Int64

func TestNewHost(t *testing.T) { Lookup(fmt.Sprintf("host%d.example", hosts.Add(1))) }
