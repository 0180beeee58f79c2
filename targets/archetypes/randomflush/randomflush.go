// oracle: not-leak entries=FuzzPlot,TestPlot
//
// A buffer is flushed when it holds as many entries as were drawn for it, 100 to 3,000.

package randomflush

import (
	"math/rand/v2"
	"sync"
)

type point struct {
	x, y float64
	tags [6]string
}

var (
	mu     sync.Mutex
	points []*point
	limit  = 1000
)

// Plot buffers a point.
func Plot(x float64) {
	mu.Lock()
	defer mu.Unlock()
	points = append(points, &point{x: x, y: x * x})
	if len(points) >= limit {
		points = nil
		limit = 100 + rand.N(2900)
	}
}
