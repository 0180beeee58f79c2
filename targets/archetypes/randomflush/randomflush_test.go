package randomflush

import "testing"

func FuzzPlot(f *testing.F) {
	f.Add(0.5)
	f.Fuzz(func(t *testing.T, x float64) { Plot(x) })
}

func TestPlot(t *testing.T) { Plot(0.5) }
