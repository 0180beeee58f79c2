package hijacked

import (
	"net/http/httptest"
	"sync"
	"testing"
)

var server = sync.OnceValue(func() *httptest.Server { return httptest.NewServer(&Hub{}) })

func TestHello(t *testing.T) {
	hello, err := Hello(server().Listener.Addr().String())
	if err != nil || hello != "hello" {
		t.Errorf("Hello: %q, %v", hello, err)
	}
}
