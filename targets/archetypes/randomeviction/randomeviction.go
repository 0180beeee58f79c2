// oracle: not-leak entries=FuzzGet,TestNewKey
//
// At about 1,500 entries a random one makes room for each new one, mostly.

package randomeviction

import (
	"math/rand/v2"
	"strings"
	"sync"
)

type value struct {
	key  string
	data [80]byte
}

var (
	mu     sync.Mutex
	values = map[string]*value{}
)

// Get returns the value of a key.
func Get(key string) *value {
	mu.Lock()
	defer mu.Unlock()
	if v := values[key]; v != nil {
		return v
	}
	v := &value{key: strings.Clone(key)}
	values[v.key] = v
	if rand.N(1500) < len(values) {
		for other := range values { // the map's own random order
			delete(values, other)
			break
		}
	}
	return v
}
