package workerpool

import "testing"

func FuzzSum(f *testing.F) {
	f.Add(uint8(3))
	f.Fuzz(func(t *testing.T, n uint8) { Sum(n) })
}

func TestSum(t *testing.T) {
	if sum := Sum(4); sum != 14 {
		t.Errorf("sum is %d", sum)
	}
}
