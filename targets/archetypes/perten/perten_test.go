package perten

import "testing"

var log Log

func FuzzWrite(f *testing.F) {
	f.Add("line")
	f.Fuzz(func(t *testing.T, line string) { log.Write(line) })
}

func TestWrite(t *testing.T) { log.Write("line") }
