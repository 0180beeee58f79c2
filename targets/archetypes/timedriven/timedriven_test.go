package timedriven

import "testing"

func FuzzHandle(f *testing.F) {
	f.Add("request")
	f.Fuzz(func(t *testing.T, request string) { Handle(request) })
}

func TestHandle(t *testing.T) { Handle("request") }
