package metricflush

import "testing"

func TestRegister(t *testing.T) {
	r := New()
	defer r.Close()
	r.RegisterLater("requests")
}
