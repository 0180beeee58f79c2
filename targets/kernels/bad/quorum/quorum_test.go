package quorum

import "testing"

func TestAppend(t *testing.T) {
	if !NewLog(3).Append("x = 1") {
		t.Error("no quorum")
	}
}
