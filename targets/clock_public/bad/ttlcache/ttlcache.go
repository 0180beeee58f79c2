// oracle: leak class=cache kind=map line=33 func=Tokens.Issue rate=1 driver=call entries=TestIssue
// oracle: leak class=goroutine kind=select line=41 func=Once rate=1 driver=call entries=TestOnce
//
// github.com/jellydator/ttlcache: items are not valid any more after two minutes, but only Start removes them, which is not
// called; and each call of Once starts a cache that nobody stops.

package ttlcache

import (
	"time"

	"github.com/jellydator/ttlcache/v3"
)

const life = 2 * time.Minute

func newCache() *ttlcache.Cache[string, string] {
	return ttlcache.New(ttlcache.WithTTL[string, string](life))
}

// Tokens are good for two minutes.
type Tokens struct {
	cache *ttlcache.Cache[string, string]
}

// NewTokens knows no token yet.
func NewTokens() *Tokens {
	return &Tokens{newCache()}
}

// Issue issues a token.
func (t *Tokens) Issue(token, user string) {
	t.cache.Set(token, user, ttlcache.DefaultTTL) // culprit
}

// Once looks at a token with a cache of its own.
func Once(token string) bool {
	cache := newCache()
	ready := make(chan struct{})
	cache.Set(token, "user", ttlcache.DefaultTTL)
	go func() { // culprit
		close(ready)
		cache.Start()
	}()
	<-ready
	return cache.Has(token)
}
