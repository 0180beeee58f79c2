package oncerecursion

import "testing"

func TestGet(t *testing.T) {
	if got := NewSet().Get("page"); got != "{{frame}}{{page}}" {
		t.Errorf("Get(page) = %q", got)
	}
}
