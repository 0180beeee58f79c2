package ticker

import "testing"

func TestWatch(t *testing.T) {
	Watch(func() bool { return true }).Close()
}
