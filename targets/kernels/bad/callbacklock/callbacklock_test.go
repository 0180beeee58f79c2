package callbacklock

import "testing"

func TestListenOnce(t *testing.T) {
	var registry Registry
	var cancel func()
	cancel = registry.Listen(func(string) { cancel() })
	registry.Announce("billing")
}
