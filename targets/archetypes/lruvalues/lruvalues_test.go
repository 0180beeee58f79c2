package lruvalues

import (
	"sync/atomic"
	"testing"
)

var keys atomic.Int64

func TestNewKey(t *testing.T) { Put(keys.Add(1)) }
