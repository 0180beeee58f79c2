package donemissing

import "testing"

func TestBadRecord(t *testing.T) {
	Sum([]string{"1", "two", "3"})
}

func TestGoodRecords(t *testing.T) {
	if sum := <-Sum([]string{"1", "2", "3"}); sum != 6 {
		t.Errorf("sum is %d", sum)
	}
}
