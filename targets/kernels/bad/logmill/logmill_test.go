package logmill

import "testing"

func TestRotate(t *testing.T) {
	var l Logger
	l.Write("started")
	l.Rotate()
	l.Close()
}
