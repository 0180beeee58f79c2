package socketsdropped

import (
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
)

// server is started once; its address begins with @, so it is no file.
var server = sync.OnceValues(func() (string, error) {
	listener, err := net.Listen("unix", fmt.Sprintf("@capitals-%d", os.Getpid()))
	if err != nil {
		return "", err
	}
	go Serve(listener)
	return listener.Addr().String(), nil
})

func TestAsk(t *testing.T) {
	address, err := server()
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := Ask(address, "hello"); err != nil || answer != "HELLO" {
		t.Errorf("Ask: %q, %v", answer, err)
	}
}
