package leapday

import "testing"

func FuzzSubscribe(f *testing.F) {
	f.Add("2024-03-01")
	f.Fuzz(func(t *testing.T, date string) { Subscribe(date) })
}
