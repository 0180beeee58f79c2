package breakselect

import "testing"

func TestCollector(t *testing.T) {
	c := New()
	c.Add(1)
	c.Add(2.5)
	if sum := c.Stop(); sum != 3.5 {
		t.Errorf("sum is %g", sum)
	}
}
