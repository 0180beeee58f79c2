//go:build race

package agent

// raceDetector: the race detector is there, and takes memory of its own outside the Go heap.
const raceDetector = true
