// oracle: delayed hold=10m entries=TestRemember note="a hundredth of what is too old goes at each tick of six seconds"
// oracle: delayed hold=12h entries=TestRememberLong note="the same for twelve hours: at each tick of seven minutes"
//
// github.com/hashicorp/golang-lru/v2/expirable: caches without a bound, for ten minutes and for twelve hours.

package expirable

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

var (
	minutes = expirable.NewLRU[string, string](0, nil, 10*time.Minute)
	hours   = expirable.NewLRU[string, string](0, nil, 12*time.Hour)
)

// Remember keeps an answer for ten minutes.
func Remember(question, answer string) string {
	minutes.Add(question, answer)
	known, _ := minutes.Get(question)
	return known
}

// RememberLong keeps it for twelve hours.
func RememberLong(question, answer string) string {
	hours.Add(question, answer)
	known, _ := hours.Get(question)
	return known
}
