package pipelineabandoned

import "testing"

func TestFind(t *testing.T) {
	line, ok := Find(" a = 1\n b = 2\n c = 3\n d = 4\n e = 5\n", "b")
	if !ok || line != "b = 2" {
		t.Errorf("Find: %q, %v", line, ok)
	}
}
