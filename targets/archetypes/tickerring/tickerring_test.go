package tickerring

import "testing"

func FuzzLoad(f *testing.F) {
	f.Add("cpu")
	f.Fuzz(func(t *testing.T, name string) { Load(name) })
}

func TestLoad(t *testing.T) { Load("cpu") }
