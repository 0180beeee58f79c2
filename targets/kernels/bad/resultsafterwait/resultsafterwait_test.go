package resultsafterwait

import "testing"

func TestSquare(t *testing.T) {
	if sum := Square([]int{3, 4}); sum != 25 {
		t.Errorf("sum is %d", sum)
	}
}
