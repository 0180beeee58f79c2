package leaserenew

import "testing"

func TestRelease(t *testing.T) {
	lease := Acquire()
	lease.Tick()
	<-lease.Renewed
	go lease.Tick()
	lease.Release()
}
