package bigvalues

import (
	"sync/atomic"
	"testing"
)

func FuzzRender(f *testing.F) {
	f.Add(uint32(1))
	f.Fuzz(func(t *testing.T, number uint32) { Render(number) })
}

var numbers atomic.Uint32

func TestNewTile(t *testing.T) { Render(numbers.Add(1)) }
