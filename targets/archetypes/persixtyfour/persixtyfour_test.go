package persixtyfour

import "testing"

func FuzzTrace(f *testing.F) {
	f.Add("GET /")
	f.Fuzz(func(t *testing.T, request string) { Trace(request) })
}

func TestTrace(t *testing.T) { Trace("GET /") }
