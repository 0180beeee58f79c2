package textbook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

var sharedClient = sync.OnceValue(func() *Client {
	return NewClient(httptest.NewServer(http.HandlerFunc(Health)).URL)
})

func FuzzClient(f *testing.F) {
	f.Add("database")
	f.Add("")
	f.Fuzz(func(t *testing.T, component string) {
		err := sharedClient().Check(context.Background(), component)
		if (err == nil) != (component != "") {
			t.Errorf("Check(%q): %v", component, err)
		}
	})
}

func TestClient(t *testing.T) {
	if err := sharedClient().Check(context.Background(), "database"); err != nil {
		t.Error(err)
	}
}
