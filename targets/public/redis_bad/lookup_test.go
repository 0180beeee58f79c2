// oracle: leak class=cache kind=slice line=20 func=Lookup rate=0.1..4 driver=call entries=FuzzLookup
//
// github.com/redis/go-redis/v9 v9.17.2: whoever waited for a connection and got an error stays in the queue of those who wait.
// https://github.com/redis/go-redis/issues/3678, v9.18.0
package lookup

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Lookup asks the cache for a key and is content with none.
func Lookup(ctx context.Context, client *redis.Client, key string) (string, bool) {
	value, err := client.Get(ctx, key).Result() // culprit
	return value, err == nil
}

// The cache is down.
var client = sync.OnceValue(func() *redis.Client {
	return redis.NewClient(&redis.Options{
		MaxRetries:         -1,
		DialerRetries:      1,
		DialerRetryTimeout: time.Millisecond,
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("connection refused")
		},
	})
})

func FuzzLookup(f *testing.F) {
	f.Add("user 1")
	f.Fuzz(func(t *testing.T, key string) {
		if _, ok := Lookup(context.Background(), client(), key); ok {
			t.Error("found in a cache that is down")
		}
	})
}
