package inotify

import "testing"

func TestFollow(t *testing.T) {
	if Follow("testdata", func() {}) {
		t.Error("the directory has changed")
	}
}
