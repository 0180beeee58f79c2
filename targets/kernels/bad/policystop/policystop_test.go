package policystop

import "testing"

func TestPolicy(t *testing.T) {
	p := New[string]()
	defer p.Close()
	p.Push("a", "b")
}
