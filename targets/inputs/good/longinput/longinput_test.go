package longinput

import "testing"

func FuzzSend(f *testing.F) {
	f.Add([]byte("message"))
	f.Fuzz(func(t *testing.T, message []byte) { Send(message) })
}
