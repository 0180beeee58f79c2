// oracle: not-leak entries=TestSubmit
//
// The test releases the package's own pool at its end, and does not look at what Submit says: called again it waits for
// work that was refused, as with `go test -count=2`. Nothing of the first call is left.

package poolreleased

import (
	"errors"
	"sync/atomic"
)

// ErrReleased is returned by a pool that takes no more work.
var ErrReleased = errors.New("pool released")

var released atomic.Bool

// Submit runs work in a goroutine of the pool.
func Submit(work func()) error {
	if released.Load() {
		return ErrReleased
	}
	go work()
	return nil
}

// Release closes the pool.
func Release() { released.Store(true) }
