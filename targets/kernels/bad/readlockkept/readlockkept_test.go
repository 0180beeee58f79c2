package readlockkept

import "testing"

var missed, hit Store

func TestMiss(t *testing.T) {
	missed.Put("a", 1)
	if _, err := missed.Get("b"); err == nil {
		t.Fatal("found")
	}
}

func TestHit(t *testing.T) {
	hit.Put("a", 1)
	if _, err := hit.Get("a"); err != nil {
		t.Fatal(err)
	}
}
