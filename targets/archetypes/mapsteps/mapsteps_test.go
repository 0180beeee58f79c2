package mapsteps

import (
	"sync/atomic"
	"testing"
)

func FuzzCount(f *testing.F) {
	f.Add(int64(1))
	f.Fuzz(func(t *testing.T, number int64) { Count(number) })
}

var numbers atomic.Int64

func TestNewNumber(t *testing.T) { Count(numbers.Add(1)) }
