package waitinloop

import "testing"

func TestLoad(t *testing.T) {
	NewPlugins(2).Load()
}
