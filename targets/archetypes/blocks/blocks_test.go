package blocks

import "testing"

func FuzzAppend(f *testing.F) {
	f.Add([]byte("entry"))
	f.Fuzz(func(t *testing.T, entry []byte) { Append(entry) })
}

func TestAppend(t *testing.T) { Append([]byte("entry")) }
