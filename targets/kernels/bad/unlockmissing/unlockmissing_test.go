package unlockmissing

import "testing"

func FuzzReserve(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, seat int) {
		hall := NewHall(8)
		hall.Reserve(seat, "guest")
		hall.Confirm()
	})
}

func TestTaken(t *testing.T) {
	hall := NewHall(8)
	if err := hall.Reserve(3, "guest"); err != errTaken {
		t.Errorf("Reserve: %v", err)
	}
	hall.Confirm()
}
