package rotatewait

import (
	"testing"
	"time"
)

func TestRotate(t *testing.T) {
	write := func(f *File) { f.Write("line\n") }
	done := NewFile(2).Run(write, (*File).Rotate, write)
	timeout := time.After(time.Millisecond)
	for range 3 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
