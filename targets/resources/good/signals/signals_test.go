package signals

import "testing"

func TestRun(t *testing.T) {
	if n, ok := Run(func() int { return 7 }); !ok || n != 7 {
		t.Errorf("Run: %d, %v", n, ok)
	}
}
