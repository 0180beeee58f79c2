package appendslice

import "testing"

func FuzzRecord(f *testing.F) {
	f.Add(int64(1000))
	f.Fuzz(func(t *testing.T, nanoseconds int64) { Record(nanoseconds) })
}

func TestRecord(t *testing.T) { Record(1000) }
