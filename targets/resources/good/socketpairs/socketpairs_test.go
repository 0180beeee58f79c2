package socketpairs

import (
	"syscall"
	"testing"
)

func TestAsk(t *testing.T) {
	text, err := Ask("name?", func(fd int) {
		question := make([]byte, 64)
		n, _ := syscall.Read(fd, question)
		syscall.Write(fd, append(question[:n], " x"...))
	})
	if err != nil || text != "name? x" {
		t.Errorf("Ask: %q, %v", text, err)
	}
}
