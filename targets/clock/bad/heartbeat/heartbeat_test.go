package heartbeat

import "testing"

func TestSession(t *testing.T) {
	if beats := Open().Close(); beats != 1 {
		t.Errorf("%d beats", beats)
	}
}
