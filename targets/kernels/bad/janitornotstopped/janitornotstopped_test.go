package janitornotstopped

import "testing"

func TestDrop(t *testing.T) {
	var tenants Tenants
	tenants.Open("acme")
	tenants.Drop("acme")
}
