package fatalwatcher

import "testing"

func TestWatch(t *testing.T) {
	Watch(t.TempDir())
}
