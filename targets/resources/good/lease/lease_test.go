package lease

import "testing"

func TestLease(t *testing.T) {
	l := Grant()
	if !l.Valid() {
		t.Fatal("not valid")
	}
	l.Release()
}

func TestGrace(t *testing.T) {
	l := Grace()
	l.Release()
}
