package stopbeforestart

import "testing"

func TestStop(t *testing.T) {
	Start().Stop()
}
