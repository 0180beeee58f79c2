// oracle: delayed hold=2m entries=TestIssue
// oracle: clean entries=TestOnce
//
// github.com/jellydator/ttlcache: items live for two minutes.

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
	t := &Tokens{newCache()}
	go t.cache.Start()
	return t
}

// Issue issues a token.
func (t *Tokens) Issue(token, user string) {
	t.cache.Set(token, user, ttlcache.DefaultTTL)
}

// Once looks at a token with a cache of its own, without a goroutine that expires it: that a Stop ends one which has
// not begun to run the module does not promise.
func Once(token string) bool {
	cache := newCache()
	cache.Set(token, "user", ttlcache.DefaultTTL)
	defer cache.DeleteAll()
	return cache.Has(token)
}
