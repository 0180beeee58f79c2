// oracle: leak class=resource kind="http response body" line=22 func=Describe rate=1 driver=call entries=TestDescribe
//
// github.com/openai/openai-go/v2 v2.1.1: the body of an answer that leads to another try is not closed.
// https://github.com/openai/openai-go/issues/495, v2.3.0
package models

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/openai/openai-go/v2"
	"github.com/openai/openai-go/v2/option"
)

// Describe asks for a model.
func Describe(ctx context.Context, client *openai.Client, name string) (*openai.Model, error) {
	return client.Models.Get(ctx, name) // culprit
}

// A service that is overloaded every other time.
var client = sync.OnceValue(func() *openai.Client {
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1)%2 == 1 {
			w.Header().Set("Retry-After-Ms", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			w.Write([]byte(strings.Repeat("overloaded ", 1000)))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"id": "small", "object": "model", "created": 1, "owned_by": "us"}`))
	}))
	client := openai.NewClient(option.WithBaseURL(server.URL), option.WithAPIKey("key"))
	return &client
})

func TestDescribe(t *testing.T) {
	model, err := Describe(context.Background(), client(), "small")
	if err != nil || model.ID != "small" {
		t.Fatal(model, err)
	}
}
