// oracle: leak class=cache kind=map line=30 or=29 func=Translate rate=1 driver=key entries=FuzzTranslate
// oracle: leak class=cache kind=map line=30 or=29 func=Translate rate=1 driver=call entries=TestNewWord
// oracle: clean entries=TestOldWord
//
// A cache without a bound grows with every key that was not there before.

package freshkeys

import (
	"slices"
	"strings"
	"sync"
)

var (
	mu           sync.Mutex
	translations = map[string]string{}
)

// Translate turns a word round, once.
func Translate(word string) string {
	mu.Lock()
	defer mu.Unlock()
	if t, ok := translations[word]; ok {
		return t
	}
	letters := []rune(word)
	slices.Reverse(letters)
	t := string(letters)                  // also right
	translations[strings.Clone(word)] = t // culprit
	return t
}
