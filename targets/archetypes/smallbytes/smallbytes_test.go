package smallbytes

import "testing"

func FuzzPush(f *testing.F) {
	f.Add([]byte("packet"))
	f.Fuzz(func(t *testing.T, packet []byte) { Push(packet) })
}

func TestPush(t *testing.T) { Push([]byte("packet")) }
