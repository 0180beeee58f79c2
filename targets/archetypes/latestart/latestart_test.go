package latestart

import "testing"

func FuzzEmit(f *testing.F) {
	f.Add("started")
	f.Fuzz(func(t *testing.T, event string) { Emit(event) })
}

func TestEmit(t *testing.T) { Emit("started") }
