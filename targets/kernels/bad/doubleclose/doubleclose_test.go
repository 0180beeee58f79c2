package doubleclose

import (
	"testing"
	"time"
)

func TestEnd(t *testing.T) {
	s := NewSession()
	report := s.Report()
	go s.End()
	go s.End()
	select {
	case <-report:
	case <-time.After(time.Millisecond):
	}
}
