package fatalwatcher

import "testing"

func TestWatch(t *testing.T) {
	defer Watch(t.TempDir())()
}
