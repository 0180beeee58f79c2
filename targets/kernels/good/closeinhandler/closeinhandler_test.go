package closeinhandler

import "testing"

func TestConsume(t *testing.T) {
	Consume(Watch("a.go", "b.go", "c.go"), "b.go")
}
