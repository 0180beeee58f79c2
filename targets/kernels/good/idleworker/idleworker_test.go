package idleworker

import "testing"

func TestStop(t *testing.T) {
	work := make(chan func())
	crew := Hire(2, work)
	ran := make(chan struct{})
	work <- func() { close(ran) }
	<-ran
	crew.Stop()
	go close(work)
}
