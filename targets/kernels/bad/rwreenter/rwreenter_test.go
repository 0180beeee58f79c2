package rwreenter

import (
	"testing"
	"time"
)

func TestExercise(t *testing.T) {
	s := &Settings{values: map[string]string{"level": "info", "port": "80", "host": "localhost"}}
	done := Exercise(s)
	timeout := time.After(time.Millisecond)
	for range 2 {
		select {
		case <-done:
		case <-timeout:
			return
		}
	}
}
