package magic

import "testing"

func FuzzHandle(f *testing.F) {
	f.Add([]byte("\xFE\xED\xC0\xDE\x01\x00hello"))
	f.Fuzz(func(t *testing.T, packet []byte) { Handle(packet, nil) })
}
