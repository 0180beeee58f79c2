// oracle: leak class=goroutine kind=select line=18 func=Remember rate=1 driver=call entries=TestRemember
//
// github.com/hashicorp/golang-lru/v2/expirable: each cache has a goroutine of its own that nothing can stop, and each call makes
// a cache.

package expirable

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

const life = 10 * time.Minute

// Remember keeps an answer for ten minutes, if anybody asks within the call.
func Remember(question, answer string) string {
	cache := expirable.NewLRU[string, string](0, nil, life) // culprit
	cache.Add(question, answer)
	known, _ := cache.Get(question)
	return known
}
