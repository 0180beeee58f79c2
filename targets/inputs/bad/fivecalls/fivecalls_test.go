package fivecalls

import "testing"

var session Session

func FuzzDo(f *testing.F) {
	f.Add(byte(Connect))
	f.Fuzz(func(t *testing.T, command byte) { session.Do(int(command)) })
}
