package httpserver

import "testing"

func TestOpen(t *testing.T) {
	p, err := Open("text")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
