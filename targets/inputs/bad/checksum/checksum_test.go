package checksum

import "testing"

func FuzzReceive(f *testing.F) {
	f.Add([]byte("dhello\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { Receive(data) })
}
