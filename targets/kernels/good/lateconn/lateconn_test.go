package lateconn

import "testing"

func TestShutdown(t *testing.T) {
	s := NewServer(4)
	s.Accept()
	s.Accept()
	done := make(chan struct{})
	go func() {
		s.Shutdown()
		close(done)
	}()
	<-done
}
