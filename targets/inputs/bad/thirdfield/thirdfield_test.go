package thirdfield

import "testing"

func FuzzImport(f *testing.F) {
	f.Add("web,80,30s")
	f.Fuzz(func(t *testing.T, record string) { Import(record) })
}
